// The files that the survival plan of planText names.
// ten patients; 3 is stage IV, 10 has no outcome, 2 has no features; 11 has features alone
export const clinical = `id,stage,age,er,late,months,dead
1,I,40,0,5,30,0
2,I,41,1,5,31,1
3,IV,42,1,5,5,1
4,II,43,1,5,28,1
5,II,44,9,5,40,0
6,I,45,0,5,12,1
7,III,46,1.0,5,50,0
8,I,,1,5,26,1
9,II,48,0,5,33,0
10,II,49,0,5,20,
`;
export const features = `id,f_a,f_b,f_bad,g
${["11", "10", "9", "8", "7", "6", "5", "4", "3", "1"].map((id, k) => `${id},${k},${(k * 7) % 5},1,2`).join("\n")}
`;
export const external = `id,alter,er,months,dead
a,50,0,10,1
b,60,1,40,0
c,70,0,30,1
`;
