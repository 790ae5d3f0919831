package io.kubra.node.image;

import io.kubra.node.cri.CriClient;
import io.kubra.node.cri.CriException;
import io.kubra.node.cri.v1.Cri;
import io.kubra.node.system.BackOff;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/**
 * Sees to it that an image is present. A failed pull is not tried again before its back-off has
 * passed. Safe for many threads; one pull at a time by default, as upstream does.
 */
public final class ImagePuller {
  /** Told what is going on, in the words of upstream's events. */
  public interface Progress {
    /** Something expected. */
    void normal(String reason, String message);

    /** Something that needs attention. */
    void warning(String reason, String message);
  }

  private final CriClient cri;
  private final InstantSource clock;
  private final BackOff backOff;
  private final Semaphore pulls;

  /** A puller with so many pulls at once. */
  public ImagePuller(CriClient cri, InstantSource clock, int parallel) {
    this.cri = cri;
    this.clock = clock;
    this.backOff = new BackOff(clock, Duration.ofSeconds(10), Duration.ofMinutes(5));
    this.pulls = new Semaphore(parallel, true);
  }

  /**
   * Makes an image present.
   *
   * @param policy Always, IfNotPresent, Never, or null for the default of the tag
   * @return the reference to create a container from
   */
  public String ensure(
      String podUid,
      String image,
      @Nullable String policy,
      RegistryCredentials credentials,
      Cri.PodSandboxConfig sandbox,
      Progress progress)
      throws ImageFailure, InterruptedException {
    ImageReference reference = parse(image, progress);
    Cri.Image present = cri.image(reference.toString());
    String rule = policy == null ? defaultPolicy(reference) : policy;
    if (present != null && !rule.equals("Always")) {
      progress.normal("Pulled", "Container image \"" + image + "\" already present on machine");
      return present.getId();
    }
    if (rule.equals("Never")) {
      String text = "Container image \"" + image + "\" is not present with pull policy of Never";
      progress.warning("ErrImageNeverPull", text);
      throw new ImageFailure("ErrImageNeverPull", text);
    }
    String key = podUid + "_" + image;
    if (backOff.waiting(key)) {
      progress.normal("BackOff", "Back-off pulling image \"" + image + "\"");
      throw new ImageFailure("ImagePullBackOff", "Back-off pulling image \"" + image + "\"");
    }
    Instant asked = clock.instant();
    pulls.acquire();
    try {
      progress.normal("Pulling", "Pulling image \"" + image + "\"");
      Instant started = clock.instant();
      String ref = pull(reference, credentials, sandbox);
      Instant done = clock.instant();
      backOff.reset(key);
      Cri.Image pulled = cri.image(ref);
      progress.normal(
          "Pulled",
          "Successfully pulled image \"%s\" in %s (%s including waiting). Image size: %d bytes."
              .formatted(
                  image,
                  Durations.text(Duration.between(started, done)),
                  Durations.text(Duration.between(asked, done)),
                  pulled == null ? 0 : pulled.getSize()));
      return pulled == null ? ref : pulled.getId();
    } catch (CriException e) {
      if (e.interrupted() && Thread.currentThread().isInterrupted()) {
        throw new InterruptedException();
      }
      backOff.next(key);
      progress.warning("Failed", "Failed to pull image \"" + image + "\": " + e.getMessage());
      throw new ImageFailure("ErrImagePull", e.getMessage());
    } finally {
      pulls.release();
    }
  }

  /** How long until a failed pull of the image may be tried again. */
  public Duration remaining(String podUid, String image) {
    return backOff.remaining(podUid + "_" + image);
  }

  private String pull(
      ImageReference image, RegistryCredentials credentials, Cri.PodSandboxConfig sandbox) {
    Cri.ImageSpec spec = Cri.ImageSpec.newBuilder().setImage(image.toString()).build();
    List<Cri.AuthConfig> logins = credentials.matching(image);
    if (logins.isEmpty()) {
      return cri.pullImage(spec, null, sandbox);
    }
    CriException last = null;
    for (Cri.AuthConfig login : logins) {
      try {
        return cri.pullImage(spec, login, sandbox);
      } catch (CriException e) {
        last = e;
      }
    }
    throw last;
  }

  private static ImageReference parse(String image, Progress progress) throws ImageFailure {
    try {
      return ImageReference.parse(image);
    } catch (IllegalArgumentException e) {
      String text =
          "Failed to apply default image tag \""
              + image
              + "\": couldn't parse image name \""
              + image
              + "\": "
              + e.getMessage();
      progress.warning("InspectFailed", text);
      throw new ImageFailure("InvalidImageName", text);
    }
  }

  private static String defaultPolicy(ImageReference image) {
    return "latest".equals(image.tag()) ? "Always" : "IfNotPresent";
  }
}
