package io.kubra.apiserver.admission.podsecurity;

import static io.kubra.apiserver.admission.podsecurity.Offenders.plural;
import static io.kubra.apiserver.admission.podsecurity.Offenders.quoted;

import io.kubra.api.tree.Trees;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** What the restricted level asks beyond the baseline; null for a pod that conforms. */
final class RestrictedControls {
  private static final Set<String> VOLUMES =
      Set.of(
          "configMap",
          "csi",
          "downwardAPI",
          "emptyDir",
          "ephemeral",
          "image",
          "persistentVolumeClaim",
          "projected",
          "secret");
  private static final Set<String> OTHER_VOLUMES =
      Set.of(
          "awsElasticBlockStore",
          "azureDisk",
          "azureFile",
          "cephfs",
          "cinder",
          "fc",
          "flexVolume",
          "flocker",
          "gcePersistentDisk",
          "gitRepo",
          "glusterfs",
          "hostPath",
          "iscsi",
          "nfs",
          "photonPersistentDisk",
          "portworxVolume",
          "quobyte",
          "rbd",
          "scaleIO",
          "storageos",
          "vsphereVolume");

  private RestrictedControls() {}

  static @Nullable Violation privilegeEscalation(PodView pod) {
    Offenders found = new Offenders();
    for (Map<String, Object> c : pod.containers()) {
      Object allowed = Trees.get(c, "securityContext", "allowPrivilegeEscalation");
      if (!Boolean.FALSE.equals(allowed)) {
        found.container(c);
      }
    }
    return found.none()
        ? null
        : new Violation(
            "allowPrivilegeEscalation != false",
            found.text() + " must set securityContext.allowPrivilegeEscalation=false");
  }

  static @Nullable Violation capabilities(PodView pod) {
    Offenders keep = new Offenders();
    Offenders add = new Offenders();
    TreeSet<String> added = new TreeSet<>();
    for (Map<String, Object> c : pod.containers()) {
      if (!Trees.strings(c, "securityContext", "capabilities", "drop").contains("ALL")) {
        keep.container(c);
      }
      List<String> bad =
          new ArrayList<>(Trees.strings(c, "securityContext", "capabilities", "add"));
      bad.removeIf("NET_BIND_SERVICE"::equals);
      if (!bad.isEmpty()) {
        add.container(c);
        added.addAll(bad);
      }
    }
    List<String> details = new ArrayList<>(2);
    if (!keep.none()) {
      details.add(keep.text() + " must set securityContext.capabilities.drop=[\"ALL\"]");
    }
    if (!add.none()) {
      details.add(
          "%s must not include %s in securityContext.capabilities.add"
              .formatted(add.text(), quoted(added)));
    }
    return details.isEmpty()
        ? null
        : new Violation("unrestricted capabilities", String.join("; ", details));
  }

  static @Nullable Violation volumeTypes(PodView pod) {
    List<String> names = new ArrayList<>(0);
    TreeSet<String> types = new TreeSet<>();
    for (Map<String, Object> volume : Trees.maps(pod.spec(), "volumes")) {
      if (volume.keySet().stream().noneMatch(VOLUMES::contains)) {
        names.add(Trees.stringOr(volume, "", "name"));
        types.add(
            volume.keySet().stream().filter(OTHER_VOLUMES::contains).findFirst().orElse("unknown"));
      }
    }
    return names.isEmpty()
        ? null
        : new Violation(
            "restricted volume types",
            "%s%s %s %s %s"
                .formatted(
                    plural(names.size(), "volume ", "volumes "),
                    quoted(names),
                    plural(names.size(), "uses", "use"),
                    plural(types.size(), "restricted volume type", "restricted volume types"),
                    quoted(types)));
  }

  static @Nullable Violation runAsNonRoot(PodView pod) {
    Object own = Trees.get(pod.spec(), "securityContext", "runAsNonRoot");
    Offenders explicit = new Offenders();
    Offenders silent = new Offenders();
    if (Boolean.FALSE.equals(own)) {
      explicit.pod();
    }
    for (Map<String, Object> c : pod.containers()) {
      Object set = Trees.get(c, "securityContext", "runAsNonRoot");
      if (Boolean.FALSE.equals(set)) {
        explicit.container(c);
      } else if (set == null && own == null) {
        silent.container(c);
      }
    }
    if (!explicit.none()) {
      return new Violation(
          "runAsNonRoot != true",
          explicit.text() + " must not set securityContext.runAsNonRoot=false");
    }
    return silent.none()
        ? null
        : new Violation(
            "runAsNonRoot != true", silent.podOr() + " must set securityContext.runAsNonRoot=true");
  }

  static @Nullable Violation runAsUser(PodView pod) {
    Offenders found = new Offenders();
    if (Trees.integerOr(pod.spec(), -1, "securityContext", "runAsUser") == 0) {
      found.pod();
    }
    for (Map<String, Object> c : pod.containers()) {
      if (Trees.integerOr(c, -1, "securityContext", "runAsUser") == 0) {
        found.container(c);
      }
    }
    return found.none()
        ? null
        : new Violation("runAsUser=0", found.text() + " must not set runAsUser=0");
  }

  static @Nullable Violation seccomp(PodView pod) {
    Offenders forbidden = new Offenders();
    Offenders silent = new Offenders();
    String own = ProfileControls.seccompType(pod.spec());
    if (own != null && !ProfileControls.allowedSeccomp(own)) {
      forbidden.pod(own);
    }
    for (Map<String, Object> c : pod.containers()) {
      String type = ProfileControls.seccompType(c);
      if (type == null) {
        if (own == null) {
          silent.container(c);
        }
      } else if (!ProfileControls.allowedSeccomp(type)) {
        forbidden.container(c, type);
      }
    }
    if (!forbidden.none()) {
      return new Violation("seccompProfile", ProfileControls.forbiddenSeccomp(forbidden));
    }
    return silent.none()
        ? null
        : new Violation(
            "seccompProfile",
            silent.podOr()
                + " must set securityContext.seccompProfile.type to \"RuntimeDefault\" or"
                + " \"Localhost\"");
  }
}
