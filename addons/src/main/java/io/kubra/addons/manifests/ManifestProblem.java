package io.kubra.addons.manifests;

/** Why a file or one of its objects was not applied. */
final class ManifestProblem extends RuntimeException {
  private static final long serialVersionUID = 1L;

  ManifestProblem(String message) {
    super(message);
  }

  @Override
  public String getMessage() {
    return String.valueOf(super.getMessage());
  }
}
