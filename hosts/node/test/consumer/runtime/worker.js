import { load } from 'trutina/runtime';

onmessage = async ({ data: { trust, facts, options } }) => {
  try {
    const ruleset = await load('/rating.trutina', { trust });
    postMessage(ruleset.decide(facts, options).json());
  } catch (error) {
    postMessage(`${error.code ?? error.name}: ${error.message}`);
  }
};
