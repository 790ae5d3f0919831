package io.kubra.cli.host;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * The machine's features as node labels: the names of Node Feature Discovery, under {@code
 * feature.node.kubernetes.io/}, which NodeRestriction lets a node give itself, and the profile of
 * RA2 that the machine fits (ra2.ch.018, ra2.k8s.011).
 */
public final class NodeFeatures {
  /** The prefix of Node Feature Discovery's labels. */
  public static final String PREFIX = "feature.node.kubernetes.io/";

  /** The label of the profile: {@code basic} or {@code network-intensive}. */
  public static final String PROFILE = "anuket.io/profile";

  private static final long FAST = 25_000;

  /** Kernel settings that NFD publishes by default. */
  private static final List<String> SETTINGS =
      List.of("NO_HZ", "NO_HZ_IDLE", "NO_HZ_FULL", "PREEMPT");

  /**
   * Classes of PCI devices that NFD publishes by default: displays, accelerators, co-processors.
   */
  private static final Set<String> CLASSES = Set.of("03", "0b", "12");

  /** Flags that say nothing by themselves today; NFD's default deny list. */
  private static final Set<String> PLAIN =
      Set.of(
          "avx10",
          "bmi1",
          "bmi2",
          "clmul",
          "cmov",
          "cx16",
          "erms",
          "f16c",
          "htt",
          "lzcnt",
          "mmx",
          "mmxext",
          "nx",
          "popcnt",
          "rdrand",
          "rdseed",
          "rdtscp",
          "sgx",
          "sgxlc",
          "sse",
          "sse2",
          "sse4_1",
          "sse4_2",
          "ssse3",
          "tdx_guest");

  /** What NFD calls differently from {@code /proc/cpuinfo}; only what is here is published. */
  private static final Map<String, String> NAMES =
      Map.ofEntries(
          Map.entry("adx", "ADX"),
          Map.entry("aes", "AESNI"),
          Map.entry("amx_bf16", "AMXBF16"),
          Map.entry("amx_int8", "AMXINT8"),
          Map.entry("amx_tile", "AMXTILE"),
          Map.entry("avx", "AVX"),
          Map.entry("avx2", "AVX2"),
          Map.entry("avx512_bf16", "AVX512BF16"),
          Map.entry("avx512_bitalg", "AVX512BITALG"),
          Map.entry("avx512_vnni", "AVX512VNNI"),
          Map.entry("avx512_vp2intersect", "AVX512VP2INTERSECT"),
          Map.entry("avx512_vpopcntdq", "AVX512VPOPCNTDQ"),
          Map.entry("avx512bw", "AVX512BW"),
          Map.entry("avx512cd", "AVX512CD"),
          Map.entry("avx512dq", "AVX512DQ"),
          Map.entry("avx512f", "AVX512F"),
          Map.entry("avx512ifma", "AVX512IFMA"),
          Map.entry("avx512vbmi", "AVX512VBMI"),
          Map.entry("avx512_vbmi2", "AVX512VBMI2"),
          Map.entry("avx512vl", "AVX512VL"),
          Map.entry("avx_vnni", "AVXVNNI"),
          Map.entry("clzero", "CLZERO"),
          Map.entry("fma", "FMA3"),
          Map.entry("fma4", "FMA4"),
          Map.entry("fsrm", "FSRM"),
          Map.entry("fxsr", "FXSR"),
          Map.entry("fxsr_opt", "FXSROPT"),
          Map.entry("gfni", "GFNI"),
          Map.entry("hypervisor", "HYPERVISOR"),
          Map.entry("lahf_lm", "LAHF"),
          Map.entry("movbe", "MOVBE"),
          Map.entry("movdir64b", "MOVDIR64B"),
          Map.entry("movdiri", "MOVDIRI"),
          Map.entry("sha_ni", "SHA"),
          Map.entry("sse4a", "SSE4A"),
          Map.entry("vaes", "VAES"),
          Map.entry("vmx", "VMX"),
          Map.entry("svm", "SVM"),
          Map.entry("vpclmulqdq", "VPCLMULQDQ"),
          Map.entry("waitpkg", "WAITPKG"),
          Map.entry("xsave", "XSAVE"),
          Map.entry("xsaveopt", "XSAVEOPT"),
          Map.entry("xsavec", "XSAVEC"),
          Map.entry("xsaves", "XSAVES"));

  private NodeFeatures() {}

  /** The labels of a machine. */
  public static Map<String, String> labels(HostFiles host) {
    Map<String, String> labels = new TreeMap<>();
    Processors processors = Processors.read(host);
    Memory memory = Memory.read(host);
    List<NetworkPort> ports = NetworkPort.read(host);
    processors(labels, host, processors);
    kernel(labels, Kernel.read(host));
    system(labels, OsRelease.read(host));
    if (memory.numaNodes() > 1) {
      put(labels, "memory-numa", "true");
    }
    memory
        .hugePages()
        .forEach(
            (size, count) -> {
              if (count > 0) {
                put(labels, "memory-hugepages-" + pageSize(size), "true");
              }
            });
    if (ports.stream().anyMatch(port -> port.functionsPossible() > 0)) {
      put(labels, "network-sriov.capable", "true");
    }
    if (ports.stream().anyMatch(port -> port.functions() > 0)) {
      put(labels, "network-sriov.configured", "true");
    }
    devices(labels, host);
    labels.put(PROFILE, profile(memory, ports));
    return labels;
  }

  private static void processors(
      Map<String, String> labels, HostFiles host, Processors processors) {
    for (String flag : processors.flags()) {
      String name = NAMES.get(flag);
      if (name != null && !PLAIN.contains(flag)) {
        put(labels, "cpu-cpuid." + name, "true");
      }
    }
    put(labels, "cpu-hardware_multithreading", Boolean.toString(processors.multithreading()));
    String vendor =
        switch (processors.vendor()) {
          case "GenuineIntel" -> "Intel";
          case "AuthenticAMD" -> "AMD";
          case String other -> other;
        };
    put(labels, "cpu-model.vendor_id", vendor);
    put(labels, "cpu-model.family", processors.family());
    put(labels, "cpu-model.id", processors.model());
    String pstate = host.read("/sys/devices/system/cpu/intel_pstate/status");
    if (!pstate.isEmpty()) {
      put(labels, "cpu-pstate.status", pstate);
      put(
          labels,
          "cpu-pstate.turbo",
          Boolean.toString(host.number("/sys/devices/system/cpu/intel_pstate/no_turbo", 0) == 0));
    }
  }

  private static void kernel(Map<String, String> labels, Kernel kernel) {
    put(labels, "kernel-version.full", kernel.full());
    put(labels, "kernel-version.major", Integer.toString(kernel.major()));
    put(labels, "kernel-version.minor", Integer.toString(kernel.minor()));
    put(labels, "kernel-version.revision", Integer.toString(kernel.revision()));
    for (String setting : SETTINGS) {
      if ("y".equals(kernel.config().get(setting))) {
        put(labels, "kernel-config." + setting, "true");
      }
    }
  }

  private static void system(Map<String, String> labels, OsRelease system) {
    put(labels, "system-os_release.ID", system.id());
    put(labels, "system-os_release.VERSION_ID", system.versionId());
    String[] parts = system.versionId().split("\\.", -1);
    put(labels, "system-os_release.VERSION_ID.major", parts[0]);
    if (parts.length > 1) {
      put(labels, "system-os_release.VERSION_ID.minor", parts[1]);
    }
  }

  private static void devices(Map<String, String> labels, HostFiles host) {
    for (String disk : host.names("/sys/block")) {
      if (!disk.matches("(loop|ram|zram|dm-|nbd|sr).*")
          && host.number("/sys/block/" + disk + "/queue/rotational", 1) == 0) {
        put(labels, "storage-nonrotationaldisk", "true");
      }
    }
    for (String device : host.names("/sys/bus/pci/devices")) {
      String folder = "/sys/bus/pci/devices/" + device;
      String type = hex(host.read(folder + "/class"));
      String vendor = hex(host.read(folder + "/vendor"));
      if (type.length() < 4 || CLASSES.stream().noneMatch(type::startsWith)) {
        continue;
      }
      String name = "pci-" + type.substring(0, 4) + "_" + vendor;
      put(labels, name + ".present", "true");
      if (host.number(folder + "/sriov_totalvfs", 0) > 0) {
        put(labels, name + ".sriov.capable", "true");
      }
    }
  }

  /** Which of RA2's profiles the machine fits: huge pages and fast ports with SR-IOV, or less. */
  private static String profile(Memory memory, List<NetworkPort> ports) {
    boolean fast =
        memory.hasHugePages()
            && ports.stream().anyMatch(p -> p.functionsPossible() > 0 && p.megabits() >= FAST);
    return fast ? "network-intensive" : "basic";
  }

  private static String pageSize(long kib) {
    return kib >= 1 << 20 ? (kib >> 20) + "Gi" : (kib >> 10) + "Mi";
  }

  private static String hex(String number) {
    return number.toLowerCase(Locale.ROOT).replaceFirst("^0x", "");
  }

  /** Leaves out what a label cannot hold. */
  private static void put(Map<String, String> labels, String name, String value) {
    String fit = value.replaceAll("[^A-Za-z0-9_.-]", "_");
    fit =
        fit.substring(0, Math.min(63, fit.length()))
            .replaceAll("^[^A-Za-z0-9]+|[^A-Za-z0-9]+$", "");
    if (!fit.isEmpty()) {
      labels.put(PREFIX + name, fit);
    }
  }
}
