import { load } from 'trutina';

onmessage = async ({ data: { files, facts, options } }) => {
  try {
    const ruleset = await load({ files });
    postMessage(ruleset.decide(facts, options).json());
  } catch (error) {
    postMessage(`${error.code ?? error.name}: ${error.message}`);
  }
};
