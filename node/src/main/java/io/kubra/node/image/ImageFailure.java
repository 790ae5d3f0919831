package io.kubra.node.image;

/** Why a container's image is not there: the reason its waiting state shows, and the text. */
public final class ImageFailure extends Exception {
  private static final long serialVersionUID = 1L;

  private final String reason;

  ImageFailure(String reason, String message) {
    super(message);
    this.reason = reason;
  }

  /** ErrImagePull, ImagePullBackOff, ErrImageNeverPull or InvalidImageName. */
  public String reason() {
    return reason;
  }
}
