package io.kubra.apiserver.admission.podsecurity;

/** A level as one version of Kubernetes defines it. */
public record LevelVersion(Level level, PolicyVersion version) {
  /** Everything is allowed. */
  public static final LevelVersion PRIVILEGED =
      new LevelVersion(Level.PRIVILEGED, PolicyVersion.LATEST);

  /** Whether pods that conform to the other level may fail to conform to this one. */
  boolean mayRefuseWhatPasses(LevelVersion other) {
    if (level == Level.PRIVILEGED || equals(other)) {
      return false;
    }
    return level.compareTo(other.level) > 0 || !version.equals(other.version);
  }

  @Override
  public String toString() {
    return level.text() + ":" + version;
  }
}
