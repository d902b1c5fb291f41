import { fontStack } from "./theme.js";

const serif = `Charter, "Bitstream Charter", "Sitka Text", Cambria, Georgia, "Liberation Serif", serif`;

/**
 * The page's look: one scale of type (× 1.2), text in a serif, tables and figures in the figures' sans with tabular figures, text
 * column and margin side by side on a wide screen, margin under its text on a phone, A4 in print. No font or picture is fetched.
 */
export const pageStyle = `
:root{--ink:#1a1a1a;--muted:#5c5c5c;--faint:#8a8a8a;--rule:#d4d4d4;--pale:#f5f5f3;--accent:#0b4f7d;--warn:#a64b00;--stop:#a3161f;--good:#00694f;
--s-2:.72rem;--s-1:.833rem;--s0:1rem;--s1:1.2rem;--s2:1.44rem;--s3:1.728rem;--s4:2.07rem;--sans:${fontStack};--serif:${serif};--side:15.5rem;--gap:2rem}
*{box-sizing:border-box}
html{font-size:16px;-webkit-text-size-adjust:100%;text-size-adjust:100%;scroll-padding-top:1rem}
body{margin:0;background:#fff;color:var(--ink);font:var(--s0)/1.5 var(--serif);font-variant-numeric:lining-nums tabular-nums}
a{color:var(--accent);text-decoration-thickness:.06em;text-underline-offset:.15em}
main{max-width:65rem;margin:0 auto;padding:1.5rem 1.25rem 4rem}
h1,h2,h3{line-height:1.2;font-weight:700;text-wrap:balance;margin:0}
h1{font-size:var(--s4)}h2{font-size:var(--s2)}h3{font-size:var(--s0);font-family:var(--sans);margin:1.2rem 0 .4rem}
h3 small{font-weight:400;color:var(--muted)}
p{margin:.5rem 0}
small,sup,sub{font-size:.833em}sup{line-height:0}
section,details.appendix{margin-top:2.6rem}
section>h2{border-top:2px solid var(--ink);padding-top:.5rem;margin-bottom:.6rem}
section.first{margin-top:0}
.band{margin:0 0 1.4rem}
.band>.body{min-width:0}
.margin{font:var(--s-1)/1.42 var(--sans);min-width:0}
.kicker{font:var(--s-1)/1.3 var(--sans);color:var(--muted);margin:0 0 .25rem}
.kicker b{color:var(--warn)}
.question{font-size:var(--s1);line-height:1.35;margin:.35rem 0 0;color:#333}
.who{font:var(--s-1)/1.4 var(--sans);color:var(--muted)}
.verdict{margin:.9rem 0;padding:.55rem 0 .55rem .9rem;border-left:4px solid var(--muted)}
.verdict.yes{border-color:var(--good)}.verdict.no,.verdict.uncertain{border-color:var(--warn)}
.verdict p{margin:0;font-size:var(--s1);line-height:1.35;font-weight:700}
.verdict p.further{font-size:var(--s0);font-weight:400;line-height:1.4;margin-top:.3rem}
.verdict p.basis{font:var(--s-2)/1.4 var(--sans);color:var(--muted);margin-top:.3rem}
.facts{display:flex;flex-wrap:wrap;gap:.5rem 1.25rem;margin:.8rem 0 1rem;font-family:var(--sans)}
.facts div{min-width:0}
.facts dt{font-size:var(--s-2);color:var(--muted)}
.facts dd{margin:0;font-size:var(--s-1);line-height:1.35}
.facts dd b{font-size:var(--s1);font-weight:700}
.facts dd span{color:#333}.facts .keep{white-space:nowrap}
.lead{margin-top:.9rem}
.caveats h2{font:700 var(--s0)/1.3 var(--sans);margin:0 0 .5rem}
a.jump{display:block;color:inherit;text-decoration:none}
a.jump:hover .finding{background:var(--pale)}
.finding{border-left:3px solid var(--rule);padding:.1rem 0 .1rem .6rem;margin:0 0 .7rem;font:var(--s-1)/1.42 var(--sans);overflow-wrap:anywhere}
.finding.warning{border-color:var(--warn)}.finding.warning>b{color:var(--warn)}
.finding.stop{border-color:var(--stop);background:#fdf1f1}.finding.stop>b{color:var(--stop)}
td.honest{font-weight:700}.finding.fault{border-color:var(--stop)}.finding.fault>b{color:var(--stop)}
.finding.note>b{color:var(--muted)}
.finding .guard{color:var(--muted)}.finding .guard::after{content:"."}
.finding i{color:#333}
.remarks{columns:18rem 2;column-gap:var(--gap);margin-bottom:1rem}.remarks .finding{break-inside:avoid}
.caption{margin-bottom:.8rem;overflow-wrap:anywhere}
.caption .file{display:block;color:var(--faint);font-size:var(--s-2);margin-top:.2rem}
figure{margin:0}
figure h3{margin:0 0 .5rem}figure .number{color:var(--muted);font-weight:400}
.plot{overflow-x:auto}
.plot svg{display:block;width:calc(var(--w)*1.42px);max-width:100%;height:auto}
.table{margin:0 0 1.1rem;font-family:var(--sans)}
.scroll{overflow-x:auto}
table{border-collapse:collapse;font-size:var(--s-1);line-height:1.35;width:100%;border-bottom:1px solid var(--ink)}
caption{text-align:left;padding:0 0 .45rem;font-size:var(--s-1)}
caption b{font-size:1em}
thead th{border-top:1px solid var(--ink);border-bottom:1px solid var(--ink);vertical-align:bottom;font-weight:700;padding:.35rem .55rem}
thead th small{display:block;font-weight:400;color:var(--muted);white-space:nowrap}
td,tbody th{padding:.22rem .55rem;vertical-align:baseline;font-weight:400;text-align:left}
tbody th:first-child,thead th:first-child{padding-left:0}
tr>:last-child{padding-right:0}
th.left,td.left{text-align:left}th.number,td.number{text-align:right;white-space:nowrap}th.centre,td.centre{text-align:center}
thead th.spans{text-align:left}thead th.number:not(.spans){white-space:normal}
td.value{width:1%}
td.name,tbody th.name{white-space:nowrap}td.centre{white-space:nowrap}
td.stacked small{display:block;color:var(--muted);font-weight:400}td.stacked.apparent small{color:var(--faint)}
td.interval{padding-left:0;white-space:nowrap;text-align:left}td.value{padding-right:.4rem}
.merit tbody td,.merit tbody th{padding-top:.35rem;padding-bottom:.35rem}
tbody tr.final th,tbody tr.final td{font-weight:700}
tbody tr.final td.apparent{font-weight:400}
small.final{font-weight:400;color:var(--muted);margin-left:.2em}
td.apparent,th.apparent,span.apparent{color:var(--faint);font-style:italic}
thead th.apparent small{color:var(--faint)}
tr.group>*{font-weight:700;border-top:1px solid var(--rule);padding-top:.5rem}
tbody tr:first-child.group>*{border-top:0}
tr.first>*{padding-top:.5rem}
.variable{font-weight:700}.level{padding-left:1rem;display:inline-block}
tbody th small{color:var(--muted)}
tr.missing>*{color:var(--muted)}
td.wordy,th.wordy{min-width:9rem;white-space:normal;overflow-wrap:anywhere}
th.wordy{overflow-wrap:normal}
td.not{color:var(--faint);font-style:italic}
td.own{color:var(--muted)}td.alarm{color:var(--stop);font-weight:700}
.dense td,.dense tbody th{padding-top:.16rem;padding-bottom:.16rem}
.foot{list-style:none;margin:.45rem 0 0;padding:0;font-size:var(--s-2);line-height:1.42;color:var(--muted)}
.foot li{margin:.12rem 0;overflow-wrap:anywhere}.foot b{color:#333}
.foot .apparent b{color:inherit}
.formula{margin:.4rem 0 .9rem;padding:.55rem .8rem;background:var(--pale);overflow-wrap:anywhere}
.formula code{font:var(--s-1)/1.5 ui-monospace,"SFMono-Regular",Menlo,Consolas,"Liberation Mono",monospace}
.formula p{font:var(--s-1)/1.45 var(--sans);margin:.35rem 0 0}
.pair h3{margin-top:.3rem}
.two{display:grid;grid-template-columns:1fr 1fr;gap:1rem}
.two>div{border-top:2px solid var(--rule);padding-top:.35rem;font-family:var(--sans)}
.two .label{display:block;font-size:var(--s-2);color:var(--muted)}
.two b{font-size:var(--s2);display:block}
.two small{display:block;color:var(--muted);font-size:var(--s-2);line-height:1.42}
.two .published b{color:var(--faint);font-style:italic;font-weight:400}
.two .honest{border-color:var(--ink)}
.appendix-head{margin-top:3.5rem}
details.appendix{margin-top:0;border-top:1px solid var(--rule)}
details.appendix>summary{cursor:pointer;padding:.55rem 0;list-style-position:outside}
details.appendix>summary h2{display:inline;font-size:var(--s1)}
details.appendix[open]>summary{margin-bottom:.6rem}
footer{margin-top:3rem;padding-top:.8rem;border-top:1px solid var(--rule);font:var(--s-1)/1.45 var(--sans);color:var(--muted)}
nav{font:var(--s-1)/1.4 var(--sans)}
nav ol{list-style:none;margin:.3rem 0;padding:0}
nav li.l2{padding-left:.9rem}
nav a{display:block;padding:.16rem .5rem .16rem .6rem;color:#333;text-decoration:none;border-left:2px solid transparent}
nav a:hover{color:var(--accent)}nav a[aria-current]{border-color:var(--accent);color:var(--accent);font-weight:700}
nav summary{cursor:pointer;font-weight:700;padding:.5rem .6rem}
@property --more{syntax:"<length>";inherits:false;initial-value:0px}
@keyframes more{from{--more:2.6rem}to{--more:0px}}
@media screen{
@supports not (animation-timeline:scroll(self inline)){
.scroll{background:linear-gradient(90deg,#fff 35%,#fff0) 0 0/2.6rem 100% no-repeat local,linear-gradient(270deg,#fff 35%,#fff0) 100% 0/2.6rem 100% no-repeat local,
linear-gradient(90deg,#0003,#0000) 0 0/.8rem 100% no-repeat scroll,linear-gradient(270deg,#0003,#0000) 100% 0/.8rem 100% no-repeat scroll}
}
@supports (animation-timeline:scroll(self inline)){
.scroll,.plot{animation:more linear;animation-timeline:scroll(self inline);mask-image:linear-gradient(270deg,#0000,#000 var(--more))}
}
}
@media (max-width:899px){
nav{position:sticky;top:0;z-index:2;background:#fff;border-bottom:1px solid var(--rule);max-height:80vh;overflow-y:auto}
html{scroll-padding-top:3rem}
nav a{padding-top:.4rem;padding-bottom:.4rem}
main{padding:1rem 1rem 3rem}
h1{font-size:var(--s3)}
.margin{margin-top:.6rem}
.plot svg{max-width:none;width:max(min(100%,calc(var(--w)*1.42px)),calc(var(--w)*1.06px))}
.scroll table{width:auto;min-width:100%}
}
@media (min-width:900px){
.facts{flex-wrap:nowrap;gap:.5rem 1.1rem}.facts div{min-width:min-content}.facts dt{white-space:nowrap}
body{display:grid;grid-template-columns:12.5rem minmax(0,1fr)}
nav{position:sticky;top:0;height:100vh;overflow-y:auto;padding:1.2rem .4rem 1rem .8rem;border-right:1px solid var(--rule)}
nav summary{list-style:none;color:var(--muted);padding-top:0}
nav summary::-webkit-details-marker{display:none}
.band{display:grid;grid-template-columns:minmax(0,1fr) var(--side);column-gap:var(--gap)}
.band.wide:not(:has(>.margin)){display:block}
.band.wide:has(>.margin)>.body{grid-column:1/-1}
.band.wide>.margin{grid-column:1/-1;columns:2;column-gap:var(--gap)}
.band.wide>.margin .finding{break-inside:avoid}
main{padding:1.5rem 2rem 4rem;width:100%}
}
@media (min-width:900px) and (max-width:1099px){:root{--side:12.5rem;--gap:1.4rem}}
@media print{
@page{size:A4;margin:16mm 14mm 18mm;@bottom-center{content:counter(page);font:8pt ${fontStack.replace(/'/g, "")}}}
html{font-size:9.2pt}
body{display:block;font-size:1rem}
nav,footer a{display:none}
main{max-width:none;padding:0}
footer{margin-top:1rem;padding-top:.4rem}footer p{margin:.2rem 0}
section,details.appendix{margin-top:1.6rem}details.appendix{margin-top:0}
:root{--side:46mm;--gap:6mm}
.band{display:grid;grid-template-columns:minmax(0,1fr) var(--side);column-gap:var(--gap)}
.band.wide{display:block}
.band.wide>.margin{columns:2}
.margin{margin-top:0}
.scroll,.plot{overflow:visible}
.plot svg{max-width:100%;width:calc(var(--w)*1pt)}
table{font-size:.8rem}
td,tbody th{padding-left:.35rem;padding-right:.35rem}
thead{display:table-header-group}
tr,figure,.finding,.formula,.pair,.verdict,.facts,.caption{break-inside:avoid}
.band.with-figure{break-inside:avoid}
h2,h3,caption,summary{break-after:avoid}
.foot{break-before:avoid}
.wide.dense table{font-size:.72rem}
td.wordy,th.wordy{min-width:0}
td.number,th.number,thead th small{white-space:nowrap}
a{color:inherit;text-decoration:none}
details.appendix>summary{list-style:none}
details::details-content{content-visibility:visible;height:auto}
details.appendix{break-inside:auto}
.appendix-head{break-before:page}
}
`;
