package io.kubra.node.container;

import io.kubra.model.core.v1.ConfigMap;
import io.kubra.model.core.v1.Container;
import io.kubra.model.core.v1.EnvFromSource;
import io.kubra.model.core.v1.EnvVar;
import io.kubra.model.core.v1.EnvVarSource;
import io.kubra.model.core.v1.Pod;
import io.kubra.model.core.v1.Secret;
import io.kubra.node.objects.ClusterObjects;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Puts a container's environment variables together. */
public final class Environment {
  private static final Duration LONGEST_WAIT = Duration.ofSeconds(10);

  private final ClusterObjects objects;
  private final NodeFacts node;

  /** What the node itself adds to variables. */
  public interface NodeFacts {
    /** The node's name. */
    String nodeName();

    /** The node's addresses. */
    List<String> hostIps();

    /** What the node has to give. */
    Map<String, String> allocatable();
  }

  /** Variables from the cluster's objects. */
  public Environment(ClusterObjects objects, NodeFacts node) {
    this.objects = objects;
    this.node = node;
  }

  /**
   * The variables, in the order of their definition; a later one wins over an earlier.
   *
   * @throws ConfigException if something referred to is missing
   */
  public Map<String, String> of(Pod pod, Container container, List<String> podIps)
      throws ConfigException {
    if (!servicesKnown()) {
      throw new ConfigException(
          "services have not yet been read at least once, cannot construct envvars");
    }
    Map<String, String> services = ServiceVariables.of(pod, objects.services());
    Map<String, String> env = new LinkedHashMap<>();
    for (EnvFromSource from : container.envFrom()) {
      addAll(env, pod.metadata().namespace(), from);
    }
    for (EnvVar variable : container.env()) {
      String value = variable.value() == null ? "" : variable.value();
      EnvVarSource from = variable.valueFrom();
      if (!value.isEmpty()) {
        value = Expansion.expand(value, n -> env.getOrDefault(n, services.get(n)));
      } else if (from != null) {
        value = resolve(pod, container, from, podIps);
        if (value == null) {
          continue;
        }
      }
      env.remove(variable.name());
      env.put(variable.name(), value);
    }
    services.forEach(env::putIfAbsent);
    return env;
  }

  private boolean servicesKnown() {
    try {
      return objects.services().awaitKnown(LONGEST_WAIT);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private void addAll(Map<String, String> env, String namespace, EnvFromSource from)
      throws ConfigException {
    String prefix = Objects.requireNonNullElse(from.prefix(), "");
    var configMap = from.configMapRef();
    if (configMap != null) {
      ConfigMap found =
          configMap(namespace, text(configMap.name()), Boolean.TRUE.equals(configMap.optional()));
      if (found != null) {
        found.data().forEach((key, value) -> env.put(prefix + key, value));
      }
    }
    var secret = from.secretRef();
    if (secret != null) {
      Secret found = secret(namespace, text(secret.name()), Boolean.TRUE.equals(secret.optional()));
      if (found != null) {
        found.data().forEach((key, value) -> env.put(prefix + key, utf8(value)));
      }
    }
  }

  private @Nullable String resolve(
      Pod pod, Container container, EnvVarSource from, List<String> podIps) throws ConfigException {
    String namespace = pod.metadata().namespace();
    var field = from.fieldRef();
    if (field != null) {
      return DownwardFields.field(pod, field.fieldPath(), node.nodeName(), node.hostIps(), podIps);
    }
    var resource = from.resourceFieldRef();
    if (resource != null) {
      return DownwardFields.resource(pod, container, resource, node.allocatable());
    }
    var configMap = from.configMapKeyRef();
    if (configMap != null) {
      String name = text(configMap.name());
      boolean optional = Boolean.TRUE.equals(configMap.optional());
      ConfigMap found = configMap(namespace, name, optional);
      String value = found == null ? null : found.data().get(configMap.key());
      if (value == null && !optional) {
        throw new ConfigException(
            "couldn't find key %s in ConfigMap %s/%s".formatted(configMap.key(), namespace, name));
      }
      return value;
    }
    var secret = from.secretKeyRef();
    if (secret != null) {
      String name = text(secret.name());
      boolean optional = Boolean.TRUE.equals(secret.optional());
      Secret found = secret(namespace, name, optional);
      byte[] value = found == null ? null : found.data().get(secret.key());
      if (value == null && !optional) {
        throw new ConfigException(
            "couldn't find key %s in Secret %s/%s".formatted(secret.key(), namespace, name));
      }
      return value == null ? null : utf8(value);
    }
    return "";
  }

  private @Nullable ConfigMap configMap(String namespace, String name, boolean optional)
      throws ConfigException {
    ConfigMap found = objects.configMap(namespace, name);
    if (found == null && !optional) {
      throw new ConfigException("configmap \"" + name + "\" not found");
    }
    return found;
  }

  private @Nullable Secret secret(String namespace, String name, boolean optional)
      throws ConfigException {
    Secret found = objects.secret(namespace, name);
    if (found == null && !optional) {
      throw new ConfigException("secret \"" + name + "\" not found");
    }
    return found;
  }

  private static String text(@Nullable String value) {
    return value == null ? "" : value;
  }

  private static String utf8(byte[] value) {
    return new String(value, StandardCharsets.UTF_8);
  }
}
