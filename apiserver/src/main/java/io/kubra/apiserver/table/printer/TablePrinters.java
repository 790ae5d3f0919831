package io.kubra.apiserver.table.printer;

import io.kubra.api.meta.GroupResource;
import io.kubra.apiserver.table.TablePrinter;
import java.util.HashMap;
import java.util.Map;

/** The printers of all built-in resources. */
public final class TablePrinters {
  private static final TablePrinter NAME_AND_CREATION = Core.nameAndCreation();
  private static final Map<GroupResource, TablePrinter> BUILTIN = builtin();

  private TablePrinters() {}

  /** The printer of a built-in resource; those without columns of their own say when created. */
  public static TablePrinter of(GroupResource resource) {
    return BUILTIN.getOrDefault(resource, NAME_AND_CREATION);
  }

  private static Map<GroupResource, TablePrinter> builtin() {
    Map<GroupResource, TablePrinter> all = new HashMap<>();
    add(all, "", "pods", new PodPrinter());
    add(all, "", "podtemplates", Workloads.podTemplate());
    add(all, "", "replicationcontrollers", Workloads.replicationController());
    add(all, "", "services", Services.service());
    add(all, "", "endpoints", Services.endpoints());
    add(all, "", "nodes", Nodes.node());
    add(all, "", "events", Events.event());
    add(all, "", "namespaces", Core.namespace());
    add(all, "", "configmaps", Core.configMap());
    add(all, "", "secrets", Core.secret());
    add(all, "", "serviceaccounts", Core.serviceAccount());
    add(all, "", "resourcequotas", Core.resourceQuota());
    add(all, "", "componentstatuses", Core.componentStatus());
    add(all, "", "persistentvolumes", Storage.persistentVolume());
    add(all, "", "persistentvolumeclaims", Storage.persistentVolumeClaim());
    add(all, "apps", "deployments", Workloads.deployment());
    add(all, "apps", "replicasets", Workloads.replicaSet());
    add(all, "apps", "daemonsets", Workloads.daemonSet());
    add(all, "apps", "statefulsets", Workloads.statefulSet());
    add(all, "apps", "controllerrevisions", Workloads.controllerRevision());
    add(all, "batch", "jobs", Batch.job());
    add(all, "batch", "cronjobs", Batch.cronJob());
    add(all, "autoscaling", "horizontalpodautoscalers", Autoscaling.horizontalPodAutoscaler());
    add(all, "policy", "poddisruptionbudgets", Autoscaling.podDisruptionBudget());
    add(all, "discovery.k8s.io", "endpointslices", Services.endpointSlice());
    add(all, "events.k8s.io", "events", Events.event());
    add(all, "networking.k8s.io", "ingresses", Networking.ingress());
    add(all, "networking.k8s.io", "ingressclasses", Networking.ingressClass());
    add(all, "networking.k8s.io", "networkpolicies", Networking.networkPolicy());
    add(all, "networking.k8s.io", "servicecidrs", Networking.serviceCidr());
    add(all, "networking.k8s.io", "ipaddresses", Networking.ipAddress());
    add(all, "rbac.authorization.k8s.io", "rolebindings", Rbac.binding());
    add(all, "rbac.authorization.k8s.io", "clusterrolebindings", Rbac.binding());
    add(all, "storage.k8s.io", "storageclasses", Storage.storageClass());
    add(all, "storage.k8s.io", "volumeattributesclasses", Storage.volumeAttributesClass());
    add(all, "storage.k8s.io", "volumeattachments", Storage.volumeAttachment());
    add(all, "storage.k8s.io", "csidrivers", Storage.csiDriver());
    add(all, "storage.k8s.io", "csinodes", Storage.csiNode());
    add(all, "storage.k8s.io", "csistoragecapacities", Storage.csiStorageCapacity());
    add(all, "certificates.k8s.io", "certificatesigningrequests", Certificates.signingRequest());
    add(all, "coordination.k8s.io", "leases", Scheduling.lease());
    add(all, "scheduling.k8s.io", "priorityclasses", Scheduling.priorityClass());
    add(all, "node.k8s.io", "runtimeclasses", Nodes.runtimeClass());
    add(all, "flowcontrol.apiserver.k8s.io", "flowschemas", Scheduling.flowSchema());
    add(
        all,
        "flowcontrol.apiserver.k8s.io",
        "prioritylevelconfigurations",
        Scheduling.priorityLevel());
    add(all, "resource.k8s.io", "resourceclaims", Scheduling.resourceClaim());
    add(all, "resource.k8s.io", "resourceslices", Scheduling.resourceSlice());
    add(all, "resource.k8s.io", "deviceclasses", Core.nameAndAge());
    add(all, "resource.k8s.io", "resourceclaimtemplates", Core.nameAndAge());
    admission(all, "admissionregistration.k8s.io");
    add(all, "apiregistration.k8s.io", "apiservices", Admission.apiService());
    return Map.copyOf(all);
  }

  private static void admission(Map<GroupResource, TablePrinter> all, String group) {
    add(all, group, "mutatingwebhookconfigurations", Admission.webhooks());
    add(all, group, "validatingwebhookconfigurations", Admission.webhooks());
    add(all, group, "validatingadmissionpolicies", Admission.validatingPolicy());
    add(all, group, "validatingadmissionpolicybindings", Admission.policyBinding());
    add(all, group, "mutatingadmissionpolicies", Admission.mutatingPolicy());
    add(all, group, "mutatingadmissionpolicybindings", Admission.policyBinding());
  }

  private static void add(
      Map<GroupResource, TablePrinter> all, String group, String resource, TablePrinter printer) {
    all.put(new GroupResource(group, resource), printer);
  }
}
