// Shows the warning of lscbook.site.news.age once the snapshot is older than the reader's clock allows.
document.querySelectorAll(".snapshot-age").forEach((said) => {
  const days = (Date.now() - Date.parse(said.dataset.asOf)) / 864e5;
  said.querySelector(".stale").hidden = !(days > Number(said.dataset.staleAfter));
});
