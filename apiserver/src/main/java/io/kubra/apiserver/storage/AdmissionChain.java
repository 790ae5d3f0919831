package io.kubra.apiserver.storage;

import io.kubra.apiserver.admission.AdmissionContext;
import io.kubra.apiserver.admission.AdmissionMetrics;
import io.kubra.apiserver.admission.AdmissionPlugin;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** All admission plugins, in order. */
public final class AdmissionChain {
  private final List<AdmissionPlugin> plugins;
  private final @Nullable AdmissionMetrics metrics;
  private volatile @Nullable Timed timed;

  /** A plugin that takes part in a step, and its times in it. */
  private record Step(AdmissionPlugin plugin, AdmissionMetrics.Times times) {}

  private record Timed(
      List<Step> mutating,
      AdmissionMetrics.Times admit,
      List<Step> validating,
      AdmissionMetrics.Times validate) {}

  /** Plugins whose times nobody takes. */
  public AdmissionChain(List<AdmissionPlugin> plugins) {
    this.plugins = List.copyOf(plugins);
    this.metrics = null;
  }

  /** Plugins whose times are taken. */
  public AdmissionChain(List<AdmissionPlugin> plugins, AdmissionMetrics metrics) {
    this.plugins = List.copyOf(plugins);
    this.metrics = metrics;
  }

  /** Lets every plugin change the object, and once more if one of them asks for it. */
  public void mutate(AdmissionContext context) {
    Timed t = timed();
    if (t == null) {
      plugins.forEach(p -> p.mutate(context));
      return;
    }
    t.admit().take(context.operation(), () -> mutate(t, context));
  }

  private static void mutate(Timed t, AdmissionContext context) {
    do {
      for (Step s : t.mutating()) {
        s.times().take(context.operation(), () -> s.plugin().mutate(context));
      }
    } while (context.reinvocation().begin());
  }

  /** Lets every plugin refuse the object. */
  public void validate(AdmissionContext context) {
    Timed t = timed();
    if (t == null) {
      plugins.forEach(p -> p.validate(context));
      return;
    }
    t.validate()
        .take(
            context.operation(),
            () -> {
              for (Step s : t.validating()) {
                s.times().take(context.operation(), () -> s.plugin().validate(context));
              }
            });
  }

  private @Nullable Timed timed() {
    Timed known = timed;
    AdmissionMetrics m = metrics;
    if (known == null && m != null) {
      known =
          new Timed(
              steps("mutate", "admit", m),
              m.step("admit"),
              steps("validate", "validate", m),
              m.step("validate"));
      timed = known;
    }
    return known;
  }

  private List<Step> steps(String method, String step, AdmissionMetrics m) {
    List<Step> steps = new ArrayList<>();
    for (AdmissionPlugin p : plugins) {
      if (takesPart(p, method)) {
        steps.add(new Step(p, m.controller(p.name(), step)));
      }
    }
    return List.copyOf(steps);
  }

  /** A plugin without a method of its own would only spoil the statistics. */
  private static boolean takesPart(AdmissionPlugin plugin, String method) {
    try {
      return plugin.getClass().getMethod(method, AdmissionContext.class).getDeclaringClass()
          != AdmissionPlugin.class;
    } catch (NoSuchMethodException e) {
      throw new IllegalStateException(e);
    }
  }
}
