package io.kubra.apiserver.aggregation;

import io.kubra.api.meta.GroupResource;
import io.kubra.api.tree.Trees;
import io.kubra.apiserver.registry.ObjectAccess;
import io.kubra.apiserver.request.PostStartHook;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The ConfigMap kube-system/extension-apiserver-authentication, from which servers behind this one
 * learn whom to believe.
 */
public final class AuthenticationConfigMap implements PostStartHook {
  private static final GroupResource CONFIG_MAPS = new GroupResource("", "configmaps");
  private static final String NAMESPACE = "kube-system";
  private static final String NAME = "extension-apiserver-authentication";

  private final String clientAuthority;
  private final String frontProxyAuthority;

  /**
   * @param clientAuthority who issues client certificates, as PEM
   * @param frontProxyAuthority who issues the front proxy's certificate, as PEM
   */
  public AuthenticationConfigMap(String clientAuthority, String frontProxyAuthority) {
    this.clientAuthority = clientAuthority;
    this.frontProxyAuthority = frontProxyAuthority;
  }

  @Override
  public String name() {
    return "start-cluster-authentication-info-controller";
  }

  @Override
  public void run(ObjectAccess objects) {
    Map<String, Object> data = new LinkedHashMap<>();
    data.put("client-ca-file", clientAuthority);
    data.put("requestheader-allowed-names", "[\"front-proxy-client\"]");
    data.put("requestheader-client-ca-file", frontProxyAuthority);
    data.put("requestheader-extra-headers-prefix", "[\"X-Remote-Extra-\"]");
    data.put("requestheader-group-headers", "[\"X-Remote-Group\"]");
    data.put("requestheader-uid-headers", "[\"X-Remote-Uid\"]");
    data.put("requestheader-username-headers", "[\"X-Remote-User\"]");
    Map<String, Object> known = objects.get(CONFIG_MAPS, NAMESPACE, NAME);
    if (known == null) {
      Map<String, Object> made = new LinkedHashMap<>();
      Trees.set(made, NAME, "metadata", "name");
      Trees.set(made, NAMESPACE, "metadata", "namespace");
      made.put("data", data);
      objects.create(CONFIG_MAPS, made);
    } else if (!Trees.equal(known.get("data"), data)) {
      known.put("data", data);
      objects.update(CONFIG_MAPS, known);
    }
  }
}
