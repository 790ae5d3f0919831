package io.kubra.controllers.serviceaccount;

import io.kubra.client.ResourceClient;
import io.kubra.client.informer.SharedInformer;
import io.kubra.controllers.runtime.Controller;
import io.kubra.controllers.runtime.ControllerContext;
import io.kubra.model.core.v1.ConfigMap;
import io.kubra.model.core.v1.Namespace;
import io.kubra.model.core.v1.ServiceAccount;
import io.kubra.model.meta.v1.ObjectMeta;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * Keeps the {@code default} ServiceAccount and the {@code kube-root-ca.crt} ConfigMap in every
 * active namespace.
 */
public final class ServiceAccountController implements AutoCloseable {
  private static final String ACCOUNT = "default";
  private static final String CA_MAP = "kube-root-ca.crt";
  private static final String CA_KEY = "ca.crt";
  private static final String CA_WHY = "kubernetes.io/description";

  private final SharedInformer<Namespace> namespaces;
  private final SharedInformer<ServiceAccount> accounts;
  private final SharedInformer<ConfigMap> maps;
  private final ResourceClient<ServiceAccount> accountClient;
  private final ResourceClient<ConfigMap> mapClient;
  private final String rootCa;
  private final Controller controller;

  /**
   * Starts the controller.
   *
   * @param rootCa the PEM certificate by which pods verify the API server
   */
  public ServiceAccountController(ControllerContext context, String rootCa) {
    this.namespaces = context.informers().informer(Namespace.RESOURCE);
    this.accounts = context.informers().informer(ServiceAccount.RESOURCE);
    this.maps = context.informers().informer(ConfigMap.RESOURCE);
    this.accountClient =
        context.client("service-account-controller").resource(ServiceAccount.RESOURCE);
    this.mapClient = context.client("root-ca-cert-publisher").resource(ConfigMap.RESOURCE);
    this.rootCa = rootCa;
    this.controller = context.controller("serviceaccount", 2, this::reconcile);
    controller
        .watch(namespaces)
        .watch(
            accounts,
            a ->
                a.metadata().name().equals(ACCOUNT) ? List.of(a.metadata().namespace()) : List.of())
        .watch(
            maps,
            m -> m.metadata().name().equals(CA_MAP) ? List.of(m.metadata().namespace()) : List.of())
        .start();
  }

  private Duration reconcile(String name) {
    Namespace namespace = namespaces.get("", name);
    if (namespace == null || "Terminating".equals(namespace.status().phase())) {
      return Duration.ZERO;
    }
    if (accounts.get(name, ACCOUNT) == null) {
      accountClient.create(
          ServiceAccount.builder()
              .metadata(ObjectMeta.builder().namespace(name).name(ACCOUNT).build())
              .build());
    }
    ConfigMap map = maps.get(name, CA_MAP);
    if (map == null) {
      mapClient.create(
          ConfigMap.builder()
              .metadata(
                  ObjectMeta.builder()
                      .namespace(name)
                      .name(CA_MAP)
                      .annotations(
                          Map.of(
                              CA_WHY,
                              "The certificates by which clients inside the cluster verify the API server."))
                      .build())
              .data(Map.of(CA_KEY, rootCa))
              .build());
    } else if (!rootCa.equals(map.data().get(CA_KEY)) || map.data().size() != 1) {
      mapClient.update(map.toBuilder().data(Map.of(CA_KEY, rootCa)).build());
    }
    return Duration.ZERO;
  }

  @Override
  public void close() {
    controller.close();
  }
}
