document.addEventListener('trutina-decision', ({ detail: { decision } }) => {
  document.querySelector('#apply').hidden = decision.outputs?.outcome !== 'encourage';
});
