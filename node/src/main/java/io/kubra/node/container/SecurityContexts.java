package io.kubra.node.container;

import io.kubra.model.core.v1.Capabilities;
import io.kubra.model.core.v1.Container;
import io.kubra.model.core.v1.Pod;
import io.kubra.model.core.v1.PodSecurityContext;
import io.kubra.model.core.v1.SELinuxOptions;
import io.kubra.model.core.v1.SeccompProfile;
import io.kubra.model.core.v1.SecurityContext;
import io.kubra.node.cri.v1.Cri;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The security settings of sandboxes and containers: the container's own, else the pod's. */
public final class SecurityContexts {
  private static final List<String> MASKED =
      List.of(
          "/proc/asound",
          "/proc/acpi",
          "/proc/interrupts",
          "/proc/kcore",
          "/proc/keys",
          "/proc/latency_stats",
          "/proc/timer_list",
          "/proc/timer_stats",
          "/proc/sched_debug",
          "/proc/scsi",
          "/sys/firmware",
          "/sys/devices/virtual/powercap");
  private static final List<String> READ_ONLY =
      List.of("/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys", "/proc/sysrq-trigger");

  private final Path seccompProfiles;

  /** Settings where localhost profiles lie in a folder. */
  public SecurityContexts(Path seccompProfiles) {
    this.seccompProfiles = seccompProfiles;
  }

  private static PodSecurityContext ofPod(Pod pod) {
    return Objects.requireNonNullElse(pod.spec().securityContext(), PodSecurityContext.empty());
  }

  private static SecurityContext own(Container container) {
    return Objects.requireNonNullElse(container.securityContext(), SecurityContext.empty());
  }

  /** Whether a container runs with all of the host's rights. */
  public static boolean privileged(Container container) {
    return Boolean.TRUE.equals(own(container).privileged());
  }

  /** The user a container shall run as, or null for the image's. */
  public static @Nullable Long runAsUser(Pod pod, Container container) {
    Long user = own(container).runAsUser();
    return user == null ? ofPod(pod).runAsUser() : user;
  }

  /** The settings of a pod's sandbox. */
  public Cri.LinuxSandboxSecurityContext sandbox(Pod pod) {
    PodSecurityContext context = ofPod(pod);
    boolean privileged =
        Stream.concat(pod.spec().containers().stream(), pod.spec().initContainers().stream())
            .anyMatch(SecurityContexts::privileged);
    Cri.LinuxSandboxSecurityContext.Builder result =
        Cri.LinuxSandboxSecurityContext.newBuilder()
            .setNamespaceOptions(namespaces(pod))
            .setPrivileged(privileged)
            .addAllSupplementalGroups(groups(context))
            .setSeccomp(
                Cri.SecurityProfile.newBuilder()
                    .setProfileType(Cri.SecurityProfile.ProfileType.RuntimeDefault));
    if (context.runAsUser() != null) {
      result.setRunAsUser(value(context.runAsUser()));
      // The runtime takes a group only together with a user.
      if (context.runAsGroup() != null) {
        result.setRunAsGroup(value(context.runAsGroup()));
      }
    }
    if (context.seLinuxOptions() != null) {
      result.setSelinuxOptions(selinux(context.seLinuxOptions()));
    }
    return result.build();
  }

  /**
   * The settings of a container.
   *
   * @param image the image it runs, for the user when the pod names none
   * @throws ConfigException if the container must not run as root but would
   */
  public Cri.LinuxContainerSecurityContext container(Pod pod, Container container, Cri.Image image)
      throws ConfigException {
    PodSecurityContext podContext = ofPod(pod);
    SecurityContext context = own(container);
    verifyNonRoot(pod, container, image);
    boolean privileged = privileged(container);
    Cri.LinuxContainerSecurityContext.Builder result =
        Cri.LinuxContainerSecurityContext.newBuilder()
            .setNamespaceOptions(namespaces(pod))
            .setPrivileged(privileged)
            .setReadonlyRootfs(Boolean.TRUE.equals(context.readOnlyRootFilesystem()))
            .setNoNewPrivs(Boolean.FALSE.equals(context.allowPrivilegeEscalation()))
            .addAllSupplementalGroups(groups(podContext))
            .setSeccomp(seccomp(podContext, context, privileged));
    if ("Strict".equals(podContext.supplementalGroupsPolicy())) {
      result.setSupplementalGroupsPolicy(Cri.SupplementalGroupsPolicy.Strict);
    }
    Long user = runAsUser(pod, container);
    if (user != null) {
      result.setRunAsUser(value(user));
    } else if (image.hasUid()) {
      result.setRunAsUser(image.getUid());
    } else if (!image.getUsername().isEmpty()) {
      result.setRunAsUsername(image.getUsername());
    } else {
      result.setRunAsUser(value(0));
    }
    Long group = context.runAsGroup() == null ? podContext.runAsGroup() : context.runAsGroup();
    if (group != null) {
      result.setRunAsGroup(value(group));
    }
    Capabilities capabilities = context.capabilities();
    if (capabilities != null) {
      result.setCapabilities(
          Cri.Capability.newBuilder()
              .addAllAddCapabilities(capabilities.add())
              .addAllDropCapabilities(capabilities.drop()));
    }
    if (!privileged && !"Unmasked".equals(context.procMount())) {
      result.addAllMaskedPaths(MASKED).addAllReadonlyPaths(READ_ONLY);
    }
    SELinuxOptions selinux =
        context.seLinuxOptions() == null ? podContext.seLinuxOptions() : context.seLinuxOptions();
    if (selinux != null) {
      result.setSelinuxOptions(selinux(selinux));
    }
    return result.build();
  }

  private static void verifyNonRoot(Pod pod, Container container, Cri.Image image)
      throws ConfigException {
    Boolean own = own(container).runAsNonRoot();
    boolean nonRoot = Boolean.TRUE.equals(own == null ? ofPod(pod).runAsNonRoot() : own);
    if (!nonRoot) {
      return;
    }
    String where =
        "(pod: \"%s_%s(%s)\", container: %s)"
            .formatted(
                pod.metadata().name(),
                pod.metadata().namespace(),
                pod.metadata().uid(),
                container.name());
    Long user = runAsUser(pod, container);
    if (user != null) {
      if (user == 0) {
        throw new ConfigException("container's runAsUser breaks non-root policy " + where);
      }
      return;
    }
    if (!image.hasUid() && !image.getUsername().isEmpty()) {
      throw new ConfigException(
          "container has runAsNonRoot and image has non-numeric user (%s), cannot verify user is non-root %s"
              .formatted(image.getUsername(), where));
    }
    if (image.getUid().getValue() == 0) {
      throw new ConfigException("container has runAsNonRoot and image will run as root " + where);
    }
  }

  private Cri.SecurityProfile seccomp(
      PodSecurityContext pod, SecurityContext container, boolean privileged) {
    SeccompProfile profile =
        container.seccompProfile() == null ? pod.seccompProfile() : container.seccompProfile();
    Cri.SecurityProfile.Builder result = Cri.SecurityProfile.newBuilder();
    if (privileged || profile == null) {
      return result.setProfileType(Cri.SecurityProfile.ProfileType.Unconfined).build();
    }
    return switch (profile.type()) {
      case "RuntimeDefault" ->
          result.setProfileType(Cri.SecurityProfile.ProfileType.RuntimeDefault).build();
      case "Localhost" ->
          result
              .setProfileType(Cri.SecurityProfile.ProfileType.Localhost)
              .setLocalhostRef(
                  seccompProfiles
                      .resolve(Objects.requireNonNullElse(profile.localhostProfile(), ""))
                      .toString())
              .build();
      default -> result.setProfileType(Cri.SecurityProfile.ProfileType.Unconfined).build();
    };
  }

  private static Cri.NamespaceOption namespaces(Pod pod) {
    return Cri.NamespaceOption.newBuilder()
        .setNetwork(mode(pod.spec().hostNetwork(), Cri.NamespaceMode.POD))
        .setIpc(mode(pod.spec().hostIPC(), Cri.NamespaceMode.POD))
        .setPid(
            mode(
                pod.spec().hostPID(),
                Boolean.TRUE.equals(pod.spec().shareProcessNamespace())
                    ? Cri.NamespaceMode.POD
                    : Cri.NamespaceMode.CONTAINER))
        .build();
  }

  private static Cri.NamespaceMode mode(@Nullable Boolean host, Cri.NamespaceMode otherwise) {
    return Boolean.TRUE.equals(host) ? Cri.NamespaceMode.NODE : otherwise;
  }

  private static List<Long> groups(PodSecurityContext context) {
    Stream<Long> own = context.supplementalGroups().stream();
    Long fsGroup = context.fsGroup();
    return (fsGroup == null ? own : Stream.concat(own, Stream.of(fsGroup))).distinct().toList();
  }

  private static Cri.SELinuxOption selinux(SELinuxOptions options) {
    return Cri.SELinuxOption.newBuilder()
        .setUser(Objects.requireNonNullElse(options.user(), ""))
        .setRole(Objects.requireNonNullElse(options.role(), ""))
        .setType(Objects.requireNonNullElse(options.type(), ""))
        .setLevel(Objects.requireNonNullElse(options.level(), ""))
        .build();
  }

  private static Cri.Int64Value value(long value) {
    return Cri.Int64Value.newBuilder().setValue(value).build();
  }
}
