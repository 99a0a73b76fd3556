import {load} from 'trutina'; import {kinds} from './test/common.mjs';
const r=await load({files:kinds}); const c={};c.self=c;
for (const f of [{ unknown: c },{'a/b~c':new Set()}]) try{r.explain(f,{asOf:'2026-11-30'})}catch(e){console.log(e.constructor.name,e.message, e.at)}
console.log(r.decide('',{asOf:'2026-11-30'}).error, r.decide({},{asOf:'2026-11-30'}).error);
console.log(r.decideBatch('',{asOf:'2026-11-30'}).length, r.decideBatch([],{asOf:'2026-11-30'}).length,r.decideBatch('\n\n',{asOf:'2026-11-30'}).length);
