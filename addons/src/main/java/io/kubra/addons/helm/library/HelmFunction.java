package io.kubra.addons.helm.library;

/** What Helm's library can be asked to do. */
public enum HelmFunction {
  CREATE("Create"),
  DEPENDENCY_BUILD("DependencyBuild"),
  DEPENDENCY_LIST("DependencyList"),
  DEPENDENCY_UPDATE("DependencyUpdate"),
  HISTORY("History"),
  INSTALL("Install"),
  LINT("Lint"),
  LIST("List"),
  PACKAGE("Package"),
  PUSH("Push"),
  GET_VALUES("GetValues"),
  REGISTRY_LOGIN("RegistryLogin"),
  REGISTRY_LOGOUT("RegistryLogout"),
  REPO_ADD("RepoAdd"),
  REPO_LIST("RepoList"),
  REPO_REMOVE("RepoRemove"),
  REPO_UPDATE("RepoUpdate"),
  SEARCH_REPO("SearchRepo"),
  SHOW("Show"),
  STATUS("Status"),
  TEMPLATE("Template"),
  TEST("Test"),
  UNINSTALL("Uninstall"),
  UPGRADE("Upgrade");

  private final String symbol;

  HelmFunction(String symbol) {
    this.symbol = symbol;
  }

  /** The name under which the library exports it. */
  String symbol() {
    return symbol;
  }
}
