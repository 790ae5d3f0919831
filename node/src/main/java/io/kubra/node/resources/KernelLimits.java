package io.kubra.node.resources;

/** Conversions from the API's amounts to the kernel's. */
public final class KernelLimits {
  /** The period over which cpu use is limited, in microseconds. */
  public static final long CPU_PERIOD = 100_000;

  private static final long LEAST_SHARES = 2;
  private static final long MOST_SHARES = 262_144;
  private static final long LEAST_QUOTA = 1000;

  private KernelLimits() {}

  /** The cpu weight, on the scale of cgroup v1, of a request. */
  public static long cpuShares(long milliCpu) {
    return Math.clamp(milliCpu * 1024 / 1000, LEAST_SHARES, MOST_SHARES);
  }

  /** The cpu weight on the scale of cgroup v2. */
  public static long cpuWeight(long shares) {
    return 1 + (shares - LEAST_SHARES) * 9999 / (MOST_SHARES - LEAST_SHARES);
  }

  /** The cpu time in each period of a limit; 0 for no limit. */
  public static long cpuQuota(long milliCpu) {
    return milliCpu == 0 ? 0 : Math.max(LEAST_QUOTA, milliCpu * CPU_PERIOD / 1000);
  }

  /** How readily the kernel kills the container when memory runs out. */
  public static int oomScoreAdjust(QosClass qos, long memoryRequest, long memoryCapacity) {
    return switch (qos) {
      case GUARANTEED -> -997;
      case BEST_EFFORT -> 1000;
      case BURSTABLE ->
          (int) Math.clamp(1000 - (1000 * memoryRequest) / Math.max(1, memoryCapacity), 3L, 999L);
    };
  }
}
