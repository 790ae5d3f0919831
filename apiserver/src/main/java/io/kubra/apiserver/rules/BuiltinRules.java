package io.kubra.apiserver.rules;

import io.kubra.api.feature.FeatureGates;
import io.kubra.api.meta.GroupVersionResource;
import io.kubra.apiserver.rules.admission.AdmissionPolicyRules;
import io.kubra.apiserver.rules.admission.PolicyBindingRules;
import io.kubra.apiserver.rules.admission.WebhookConfigurationRules;
import io.kubra.apiserver.rules.apps.ControllerRevisionRules;
import io.kubra.apiserver.rules.apps.DaemonSetRules;
import io.kubra.apiserver.rules.apps.DeploymentRules;
import io.kubra.apiserver.rules.apps.ReplicaSetRules;
import io.kubra.apiserver.rules.apps.StatefulSetRules;
import io.kubra.apiserver.rules.autoscaling.AutoscalerConversion;
import io.kubra.apiserver.rules.autoscaling.HorizontalPodAutoscalerRules;
import io.kubra.apiserver.rules.batch.CronJobRules;
import io.kubra.apiserver.rules.batch.JobRules;
import io.kubra.apiserver.rules.core.ConfigMapRules;
import io.kubra.apiserver.rules.core.EndpointsRules;
import io.kubra.apiserver.rules.core.EventConversion;
import io.kubra.apiserver.rules.core.EventRules;
import io.kubra.apiserver.rules.core.LimitRangeRules;
import io.kubra.apiserver.rules.core.NamespaceRules;
import io.kubra.apiserver.rules.core.NodeRules;
import io.kubra.apiserver.rules.core.PersistentVolumeClaimRules;
import io.kubra.apiserver.rules.core.PersistentVolumeRules;
import io.kubra.apiserver.rules.core.PodTemplateRules;
import io.kubra.apiserver.rules.core.ReplicationControllerRules;
import io.kubra.apiserver.rules.core.ResourceQuotaRules;
import io.kubra.apiserver.rules.core.SecretRules;
import io.kubra.apiserver.rules.core.ServiceAccountRules;
import io.kubra.apiserver.rules.core.ServiceRules;
import io.kubra.apiserver.rules.declared.DeclaredKinds;
import io.kubra.apiserver.rules.extension.ApiServiceRules;
import io.kubra.apiserver.rules.extension.ResourceDefinitionRules;
import io.kubra.apiserver.rules.pod.PodRules;

/** The list of all kinds that have rules. */
public final class BuiltinRules {
  private BuiltinRules() {}

  /** A new registry with the rules of all built-in kinds, without alpha and beta features. */
  public static KindRulesRegistry registry() {
    return registry(FeatureGates.defaults());
  }

  /** A new registry with the rules of all built-in kinds. */
  public static KindRulesRegistry registry(FeatureGates gates) {
    KindRulesRegistry registry = new KindRulesRegistry();
    core(registry);
    registry
        .register("apps", "controllerrevisions", new ControllerRevisionRules())
        .register("apps", "daemonsets", new DaemonSetRules())
        .register("apps", "deployments", new DeploymentRules())
        .register("apps", "replicasets", new ReplicaSetRules())
        .register("apps", "statefulsets", new StatefulSetRules())
        .register(
            "autoscaling",
            "horizontalpodautoscalers",
            new HorizontalPodAutoscalerRules(gates.enabled("HPAScaleToZero")))
        .register("batch", "cronjobs", new CronJobRules())
        .register("batch", "jobs", new JobRules());
    admission(registry, "admissionregistration.k8s.io");
    registry
        .register(
            "apiextensions.k8s.io", "customresourcedefinitions", new ResourceDefinitionRules())
        .register("apiregistration.k8s.io", "apiservices", new ApiServiceRules());
    DeclaredKinds.register(registry);
    aliases(registry);
    return registry;
  }

  private static void core(KindRulesRegistry registry) {
    registry
        .register("", "configmaps", new ConfigMapRules())
        .register("", "endpoints", new EndpointsRules())
        .register("", "events", new EventRules())
        .register("", "limitranges", new LimitRangeRules())
        .register("", "namespaces", new NamespaceRules())
        .register("", "nodes", new NodeRules())
        .register("", "persistentvolumeclaims", new PersistentVolumeClaimRules())
        .register("", "persistentvolumes", new PersistentVolumeRules())
        .register("", "pods", new PodRules())
        .register("", "podtemplates", new PodTemplateRules())
        .register("", "replicationcontrollers", new ReplicationControllerRules())
        .register("", "resourcequotas", new ResourceQuotaRules())
        .register("", "secrets", new SecretRules())
        .register("", "serviceaccounts", new ServiceAccountRules())
        .register("", "services", new ServiceRules());
  }

  private static void admission(KindRulesRegistry registry, String group) {
    registry
        .register(group, "mutatingwebhookconfigurations", new WebhookConfigurationRules(true))
        .register(group, "validatingwebhookconfigurations", new WebhookConfigurationRules(false))
        .register(group, "mutatingadmissionpolicies", new AdmissionPolicyRules(true))
        .register(group, "validatingadmissionpolicies", new AdmissionPolicyRules(false))
        .register(group, "mutatingadmissionpolicybindings", new PolicyBindingRules(true))
        .register(group, "validatingadmissionpolicybindings", new PolicyBindingRules(false));
  }

  private static void aliases(KindRulesRegistry registry) {
    registry.alias(
        new GroupVersionResource("events.k8s.io", "v1", "events"),
        new GroupVersionResource("", "v1", "events"),
        new EventConversion());
    registry.alias(
        new GroupVersionResource("autoscaling", "v1", "horizontalpodautoscalers"),
        new GroupVersionResource("autoscaling", "v2", "horizontalpodautoscalers"),
        new AutoscalerConversion());
  }
}
