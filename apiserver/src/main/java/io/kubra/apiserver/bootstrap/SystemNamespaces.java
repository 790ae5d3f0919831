package io.kubra.apiserver.bootstrap;

import io.kubra.api.meta.GroupResource;
import io.kubra.apiserver.registry.ObjectAccess;
import io.kubra.apiserver.request.PostStartHook;
import java.util.List;

/** The namespaces that every cluster has. */
public final class SystemNamespaces implements PostStartHook {
  private static final GroupResource NAMESPACES = new GroupResource("", "namespaces");
  private static final List<String> NAMES =
      List.of("default", "kube-system", "kube-public", "kube-node-lease");

  @Override
  public String name() {
    return "start-system-namespaces-controller";
  }

  @Override
  public void run(ObjectAccess objects) {
    for (String name : NAMES) {
      Seeds.ensure(objects, NAMESPACES, "", name, Seeds.named("", name));
    }
  }
}
