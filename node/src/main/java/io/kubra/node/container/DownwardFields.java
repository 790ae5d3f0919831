package io.kubra.node.container;

import io.kubra.api.quantity.Quantity;
import io.kubra.model.core.v1.Container;
import io.kubra.model.core.v1.Pod;
import io.kubra.model.core.v1.ResourceFieldSelector;
import io.kubra.model.core.v1.ResourceRequirements;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What a pod may learn about itself: fields of the pod, and resources of its containers. */
public final class DownwardFields {
  private static final Pattern SUBSCRIPT =
      Pattern.compile("metadata\\.(labels|annotations)\\['(.*)'\\]");

  private DownwardFields() {}

  /**
   * The value of a field of the pod.
   *
   * @param ips the pod's addresses, which may be newer than its status
   * @throws ConfigException if there is no such field
   */
  public static String field(
      Pod pod, String path, String nodeName, List<String> hostIps, List<String> ips)
      throws ConfigException {
    Matcher subscript = SUBSCRIPT.matcher(path);
    if (subscript.matches()) {
      Map<String, String> map =
          subscript.group(1).equals("labels")
              ? pod.metadata().labels()
              : pod.metadata().annotations();
      return map.getOrDefault(subscript.group(2), "");
    }
    String account = pod.spec().serviceAccountName();
    return switch (path) {
      case "metadata.name" -> pod.metadata().name();
      case "metadata.namespace" -> pod.metadata().namespace();
      case "metadata.uid" -> pod.metadata().uid();
      case "metadata.labels" -> lines(pod.metadata().labels());
      case "metadata.annotations" -> lines(pod.metadata().annotations());
      case "spec.nodeName" -> nodeName;
      case "spec.serviceAccountName" -> account == null ? "" : account;
      case "spec.restartPolicy" ->
          pod.spec().restartPolicy() == null ? "Always" : pod.spec().restartPolicy();
      case "status.phase" -> pod.status().phase() == null ? "Pending" : pod.status().phase();
      case "status.hostIP" -> hostIps.isEmpty() ? "" : hostIps.getFirst();
      case "status.hostIPs" -> String.join(",", hostIps);
      case "status.podIP" -> ips.isEmpty() ? "" : ips.getFirst();
      case "status.podIPs" -> String.join(",", ips);
      default -> throw new ConfigException("unsupported fieldPath: " + path);
    };
  }

  private static String lines(Map<String, String> map) {
    return new TreeMap<>(map)
        .entrySet().stream()
            .map(e -> e.getKey() + "=" + quote(e.getValue()))
            .collect(Collectors.joining("\n"));
  }

  private static String quote(String value) {
    StringBuilder out = new StringBuilder("\"");
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      switch (c) {
        case '"' -> out.append("\\\"");
        case '\\' -> out.append("\\\\");
        case '\n' -> out.append("\\n");
        case '\r' -> out.append("\\r");
        case '\t' -> out.append("\\t");
        default -> out.append(c);
      }
    }
    return out.append('"').toString();
  }

  /**
   * A resource of a container in units of the divisor, rounded up; a missing limit is what the node
   * has to give.
   *
   * @throws ConfigException if the selector names something unknown
   */
  public static String resource(
      Pod pod,
      @Nullable Container self,
      ResourceFieldSelector selector,
      Map<String, String> allocatable)
      throws ConfigException {
    Container container = self;
    String name = selector.containerName();
    if (name != null && !name.isEmpty()) {
      container =
          Stream.concat(pod.spec().containers().stream(), pod.spec().initContainers().stream())
              .filter(c -> c.name().equals(name))
              .findFirst()
              .orElseThrow(() -> new ConfigException("container " + name + " not found"));
    }
    if (container == null) {
      throw new ConfigException("resourceFieldRef names no container");
    }
    int dot = selector.resource().indexOf('.');
    String kind = dot < 0 ? "" : selector.resource().substring(0, dot);
    String resource = selector.resource().substring(dot + 1);
    ResourceRequirements own = container.resources();
    Map<String, String> limits = own == null ? Map.of() : own.limits();
    Map<String, String> requests = own == null ? Map.of() : own.requests();
    String value =
        switch (kind) {
          case "limits" -> limits.getOrDefault(resource, allocatable.getOrDefault(resource, "0"));
          case "requests" -> requests.getOrDefault(resource, limits.getOrDefault(resource, "0"));
          default ->
              throw new ConfigException("unsupported container resource : " + selector.resource());
        };
    String divisor = selector.divisor();
    BigDecimal by =
        divisor == null || divisor.isEmpty() || divisor.equals("0")
            ? BigDecimal.ONE
            : Quantity.parse(divisor).amount();
    return Quantity.parse(value)
        .amount()
        .divide(by, 0, RoundingMode.CEILING)
        .toBigInteger()
        .toString();
  }
}
