package io.kubra.apiserver.admission.plugin;

import io.kubra.api.meta.GroupResource;
import io.kubra.api.tree.Trees;
import io.kubra.apiserver.registry.ObjectReader;
import java.util.Comparator;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Which RuntimeClasses put a pod on a kernel of its own: gVisor's and Kata's. */
final class Sandboxes {
  private static final GroupResource CLASSES = new GroupResource("node.k8s.io", "runtimeclasses");
  private static final String GVISOR = "runsc";
  private static final String KATA = "kata";

  private final ObjectReader objects;

  Sandboxes(ObjectReader objects) {
    this.objects = objects;
  }

  /**
   * The class that privileged pods are moved to; gVisor's if there is one, null if there is none.
   */
  @Nullable String preferred() {
    return objects.list(CLASSES, null).stream()
        .filter(each -> isolates(handler(each)))
        .sorted(
            Comparator.comparing((Map<String, Object> each) -> !handler(each).equals(GVISOR))
                .thenComparing(Sandboxes::name))
        .map(Sandboxes::name)
        .findFirst()
        .orElse(null);
  }

  /** The handler of a class, empty if there is no such class. */
  String handlerOf(String runtimeClass) {
    return handler(objects.get(CLASSES, "", runtimeClass));
  }

  static boolean isolates(String handler) {
    return gvisor(handler) || handler.equals(KATA) || handler.startsWith(KATA + "-");
  }

  static boolean gvisor(String handler) {
    return handler.equals(GVISOR);
  }

  private static String handler(@Nullable Map<String, Object> runtimeClass) {
    return Trees.stringOr(runtimeClass, "", "handler");
  }

  private static String name(Map<String, Object> runtimeClass) {
    return Trees.stringOr(runtimeClass, "", "metadata", "name");
  }
}
