package io.kubra.apiserver.rules.pod;

import io.kubra.api.status.FieldPath;
import io.kubra.api.tree.Trees;
import io.kubra.api.validation.Names;
import io.kubra.apiserver.rules.check.Checks;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Checks of the containers of a pod; used once for each pod, as names must be unique in it. */
final class ContainerChecks {
  private static final String[] PULL_POLICIES = {"Always", "IfNotPresent", "Never"};

  private final Checks checks;
  private final Map<String, Object> spec;
  private final Map<String, Map<String, Object>> volumes;
  private final Set<String> claims = new HashSet<>();
  private final Set<String> names = new HashSet<>();
  private final Set<String> hostPorts = new HashSet<>();

  ContainerChecks(
      Checks checks, Map<String, Object> spec, Map<String, Map<String, Object>> volumes) {
    this.checks = checks;
    this.spec = spec;
    this.volumes = volumes;
    for (Map<String, Object> claim : Trees.maps(spec, "resourceClaims")) {
      claims.add(Trees.stringOr(claim, "", "name"));
    }
  }

  void all(FieldPath path) {
    List<Map<String, Object>> containers = Trees.maps(spec, "containers");
    if (containers.isEmpty()) {
      checks.required(path.child("containers"), "");
    }
    for (int i = 0; i < containers.size(); i++) {
      FieldPath at = path.child("containers").index(i);
      common(at, containers.get(i));
      regular(at, containers.get(i));
      policyOf(at, containers.get(i), false);
    }
    List<Map<String, Object>> inits = Trees.maps(spec, "initContainers");
    for (int i = 0; i < inits.size(); i++) {
      initContainer(path.child("initContainers").index(i), inits.get(i));
    }
    List<Map<String, Object>> ephemerals = Trees.maps(spec, "ephemeralContainers");
    for (int i = 0; i < ephemerals.size(); i++) {
      ephemeral(path.child("ephemeralContainers").index(i), ephemerals.get(i));
    }
  }

  private void initContainer(FieldPath path, Map<String, Object> container) {
    common(path, container);
    policyOf(path, container, true);
    if (Trees.stringOr(container, "", "restartPolicy").equals("Always")) {
      regular(path, container);
      return;
    }
    for (String field : List.of("lifecycle", "livenessProbe", "readinessProbe", "startupProbe")) {
      if (container.get(field) != null) {
        checks.forbidden(
            path.child(field), "may not be set for init containers without restartPolicy=Always");
      }
    }
  }

  private void policyOf(FieldPath path, Map<String, Object> container, boolean init) {
    checks.oneOfOrAbsent(
        path.child("restartPolicy"),
        Trees.string(container, "restartPolicy"),
        "Always",
        "Never",
        "OnFailure");
  }

  private void ephemeral(FieldPath path, Map<String, Object> container) {
    common(path, container);
    for (String field :
        List.of("ports", "lifecycle", "livenessProbe", "readinessProbe", "startupProbe")) {
      Object value = container.get(field);
      if (value != null && !(value instanceof List<?> list && list.isEmpty())) {
        checks.forbidden(path.child(field), "cannot be set for an Ephemeral Container");
      }
    }
    String target = Trees.stringOr(container, "", "targetContainerName");
    if (!target.isEmpty() && !names.contains(target)) {
      checks.notFound(path.child("targetContainerName"), target);
    }
  }

  /** What holds for containers of all sorts. */
  private void common(FieldPath path, Map<String, Object> container) {
    String name = Trees.stringOr(container, "", "name");
    if (checks.present(path.child("name"), name)) {
      checks.name(path.child("name"), name, Names::dns1123Label);
      if (!names.add(name)) {
        checks.duplicate(path.child("name"), name);
      }
    }
    String image = Trees.stringOr(container, "", "image");
    if (checks.present(path.child("image"), image) && !image.equals(image.strip())) {
      checks.invalid(path.child("image"), image, "must not have leading or trailing whitespace");
    }
    checks.oneOf(
        path.child("imagePullPolicy"), Trees.string(container, "imagePullPolicy"), PULL_POLICIES);
    checks.oneOf(
        path.child("terminationMessagePolicy"),
        Trees.string(container, "terminationMessagePolicy"),
        "FallbackToLogsOnError",
        "File");
    EnvironmentChecks.check(checks, path, container);
    mounts(path, container);
    ports(path.child("ports"), container);
    ResourceChecks.container(
        checks, path.child("resources"), Trees.map(container, "resources"), claims);
    securityContext(path.child("securityContext"), Trees.map(container, "securityContext"));
  }

  private void regular(FieldPath path, Map<String, Object> container) {
    ProbeChecks.lifecycle(checks, path.child("lifecycle"), Trees.map(container, "lifecycle"));
    ProbeChecks.probe(
        checks, path.child("livenessProbe"), Trees.map(container, "livenessProbe"), true);
    ProbeChecks.probe(
        checks, path.child("readinessProbe"), Trees.map(container, "readinessProbe"), false);
    ProbeChecks.probe(
        checks, path.child("startupProbe"), Trees.map(container, "startupProbe"), true);
  }

  private void ports(FieldPath path, Map<String, Object> container) {
    Set<String> portNames = new HashSet<>();
    boolean hostNetwork = Trees.bool(spec, "hostNetwork");
    int i = 0;
    for (Map<String, Object> port : Trees.maps(container, "ports")) {
      FieldPath at = path.index(i++);
      String name = Trees.stringOr(port, "", "name");
      if (!name.isEmpty()) {
        checks.name(at.child("name"), name, Names::portName);
        if (!portNames.add(name)) {
          checks.duplicate(at.child("name"), name);
        }
      }
      long number = Trees.integerOr(port, 0, "containerPort");
      if (number == 0) {
        checks.required(at.child("containerPort"), "");
      } else {
        checks.port(at.child("containerPort"), number);
      }
      long host = Trees.integerOr(port, 0, "hostPort");
      String protocol = Trees.stringOr(port, "", "protocol");
      if (host != 0) {
        checks.port(at.child("hostPort"), host);
        if (hostNetwork && host != number) {
          checks.invalid(
              at.child("containerPort"),
              number,
              "must match `hostPort` when `hostNetwork` is true");
        }
        String key = protocol + "/" + Trees.stringOr(port, "", "hostIP") + "/" + host;
        if (!hostPorts.add(key)) {
          checks.duplicate(at.child("hostPort"), key);
        }
      }
      checks.oneOf(at.child("protocol"), protocol, "SCTP", "TCP", "UDP");
    }
  }

  private void mounts(FieldPath path, Map<String, Object> container) {
    Set<String> paths = new HashSet<>();
    int i = 0;
    for (Map<String, Object> mount : Trees.maps(container, "volumeMounts")) {
      FieldPath at = path.child("volumeMounts").index(i++);
      String name = Trees.stringOr(mount, "", "name");
      if (checks.present(at.child("name"), name) && !volumes.containsKey(name)) {
        checks.notFound(at.child("name"), name);
      }
      String target = Trees.stringOr(mount, "", "mountPath");
      if (checks.present(at.child("mountPath"), target) && !paths.add(target)) {
        checks.invalid(at.child("mountPath"), target, "must be unique");
      }
      String sub = Trees.stringOr(mount, "", "subPath");
      String expression = Trees.stringOr(mount, "", "subPathExpr");
      if (!sub.isEmpty()) {
        VolumeChecks.relative(checks, at.child("subPath"), sub);
      }
      if (!expression.isEmpty()) {
        if (!sub.isEmpty()) {
          checks.invalid(
              at.child("subPathExpr"),
              expression,
              "subPathExpr and subPath are mutually exclusive");
        }
        VolumeChecks.relative(checks, at.child("subPathExpr"), expression);
      }
      checks.oneOfOrAbsent(
          at.child("mountPropagation"),
          Trees.string(mount, "mountPropagation"),
          "Bidirectional",
          "HostToContainer",
          "None");
      if ("Bidirectional".equals(mount.get("mountPropagation"))
          && !Trees.bool(container, "securityContext", "privileged")) {
        checks.forbidden(
            at.child("mountPropagation"),
            "Bidirectional mount propagation is available only to privileged containers");
      }
    }
    i = 0;
    for (Map<String, Object> device : Trees.maps(container, "volumeDevices")) {
      FieldPath at = path.child("volumeDevices").index(i++);
      String name = Trees.stringOr(device, "", "name");
      if (checks.present(at.child("name"), name) && !volumes.containsKey(name)) {
        checks.notFound(at.child("name"), name);
      }
      checks.present(at.child("devicePath"), Trees.string(device, "devicePath"));
    }
  }

  private void securityContext(FieldPath path, @Nullable Map<String, Object> context) {
    if (context == null) {
      return;
    }
    PodSpecChecks.identities(checks, path, context);
    boolean privileged = Trees.bool(context, "privileged");
    if (Boolean.FALSE.equals(context.get("allowPrivilegeEscalation"))) {
      if (privileged) {
        checks.invalid(
            path,
            context,
            "cannot set `allowPrivilegeEscalation` to false and `privileged` to true");
      }
      if (Trees.strings(context, "capabilities", "add").contains("CAP_SYS_ADMIN")) {
        checks.invalid(
            path,
            context,
            "cannot set `allowPrivilegeEscalation` to false and `capabilities.Add` CAP_SYS_ADMIN");
      }
    }
    checks.oneOfOrAbsent(
        path.child("procMount"), Trees.string(context, "procMount"), "Default", "Unmasked");
  }
}
