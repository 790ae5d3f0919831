package io.kubra.node.resources;

import io.kubra.api.quantity.Quantity;
import io.kubra.model.core.v1.Container;
import io.kubra.model.core.v1.Pod;
import io.kubra.model.core.v1.ResourceRequirements;
import java.util.Map;

/**
 * Amounts of cpu and memory; zero means none was named.
 *
 * @param milliCpu thousandths of a core
 * @param memory bytes
 */
public record Amounts(long milliCpu, long memory) {
  /** Nothing. */
  public static final Amounts NONE = new Amounts(0, 0);

  /** What a container requests. */
  public static Amounts requests(Container container) {
    ResourceRequirements r = container.resources();
    if (r == null) {
      return NONE;
    }
    Amounts requests = of(r.requests());
    Amounts limits = of(r.limits());
    return new Amounts(
        requests.milliCpu == 0 ? limits.milliCpu : requests.milliCpu,
        requests.memory == 0 ? limits.memory : requests.memory);
  }

  /** What a container may use at most. */
  public static Amounts limits(Container container) {
    ResourceRequirements r = container.resources();
    return r == null ? NONE : of(r.limits());
  }

  /** The cpu and memory of a resource list. */
  public static Amounts of(Map<String, String> list) {
    String cpu = list.get("cpu");
    String memory = list.get("memory");
    return new Amounts(
        cpu == null ? 0 : Quantity.parse(cpu).milli(),
        memory == null ? 0 : Quantity.parse(memory).value());
  }

  /** What a pod as a whole requests. */
  public static Amounts podRequests(Pod pod) {
    Amounts containers = NONE;
    for (Container c : pod.spec().containers()) {
      containers = containers.plus(requests(c));
    }
    Amounts sidecars = NONE;
    Amounts startup = NONE;
    for (Container c : pod.spec().initContainers()) {
      Amounts own = requests(c);
      if ("Always".equals(c.restartPolicy())) {
        sidecars = sidecars.plus(own);
        startup = startup.max(sidecars);
      } else {
        startup = startup.max(sidecars.plus(own));
      }
    }
    return containers.plus(sidecars).max(startup).plus(of(pod.spec().overhead()));
  }

  /** What a pod as a whole may use; zero where a container is without limit. */
  public static Amounts podLimits(Pod pod) {
    Amounts sum = NONE;
    boolean cpu = true;
    boolean memory = true;
    for (Container c : pod.spec().containers()) {
      Amounts own = limits(c);
      cpu &= own.milliCpu > 0;
      memory &= own.memory > 0;
      sum = sum.plus(own);
    }
    Amounts sidecars = NONE;
    Amounts startup = NONE;
    for (Container c : pod.spec().initContainers()) {
      Amounts own = limits(c);
      cpu &= own.milliCpu > 0;
      memory &= own.memory > 0;
      if ("Always".equals(c.restartPolicy())) {
        sidecars = sidecars.plus(own);
        startup = startup.max(sidecars);
      } else {
        startup = startup.max(sidecars.plus(own));
      }
    }
    Amounts all = sum.plus(sidecars).max(startup).plus(of(pod.spec().overhead()));
    return new Amounts(cpu ? all.milliCpu : 0, memory ? all.memory : 0);
  }

  /** The sum. */
  public Amounts plus(Amounts other) {
    return new Amounts(milliCpu + other.milliCpu, memory + other.memory);
  }

  private Amounts max(Amounts other) {
    return new Amounts(Math.max(milliCpu, other.milliCpu), Math.max(memory, other.memory));
  }
}
