package io.kubra.apiserver.admission.plugin;

import io.kubra.api.meta.GroupResource;
import io.kubra.api.tree.Trees;
import io.kubra.apiserver.admission.AdmissionContext;
import io.kubra.apiserver.admission.AdmissionPlugin;
import io.kubra.apiserver.registry.ObjectReader;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * Every pod runs as a service account: the default one if it names none. Unless told not to, its
 * containers get the account's token, the cluster's CA and the namespace mounted.
 */
final class ServiceAccount implements AdmissionPlugin {
  private static final GroupResource ACCOUNTS = new GroupResource("", "serviceaccounts");
  private static final String MOUNT_PATH = "/var/run/secrets/kubernetes.io/serviceaccount";
  private static final String VOLUME_PREFIX = "kube-api-access-";
  private static final String ENFORCE = "kubernetes.io/enforce-mountable-secrets";
  private static final String NAME_CHARACTERS = "bcdfghjklmnpqrstvwxz2456789";

  /** Nodes renew the token in time; the odd number marks tokens that were not asked for. */
  private static final long TOKEN_SECONDS = 3607;

  private final ObjectReader objects;

  ServiceAccount(ObjectReader objects) {
    this.objects = objects;
  }

  @Override
  public String name() {
    return "ServiceAccount";
  }

  @Override
  public void mutate(AdmissionContext context) {
    Map<String, Object> pod = Pods.created(context);
    if (pod == null || Pods.mirror(pod)) {
      return;
    }
    Map<String, Object> spec = Trees.ensureMap(pod, "spec");
    if (Trees.stringOr(spec, "", "serviceAccountName").isEmpty()) {
      String alias = Trees.stringOr(spec, "", "serviceAccount");
      spec.put("serviceAccountName", alias.isEmpty() ? "default" : alias);
    }
    Map<String, Object> account = account(context, spec);
    if (automount(spec, account)) {
      mountToken(pod, spec);
    }
    if (Trees.list(spec, "imagePullSecrets").isEmpty()) {
      List<Object> secrets = Trees.list(account, "imagePullSecrets");
      if (!secrets.isEmpty()) {
        spec.put("imagePullSecrets", Trees.deepCopy(new ArrayList<>(secrets)));
      }
    }
  }

  @Override
  public void validate(AdmissionContext context) {
    Map<String, Object> pod = Pods.created(context);
    if (pod == null) {
      return;
    }
    if (Pods.mirror(pod)) {
      validateMirror(context, pod);
      return;
    }
    Map<String, Object> account = account(context, Trees.ensureMap(pod, "spec"));
    if (Trees.stringOr(account, "", "metadata", "annotations", ENFORCE).equals("true")) {
      limitSecrets(context, pod, account);
    }
  }

  private Map<String, Object> account(AdmissionContext context, Map<String, Object> spec) {
    String name = Trees.stringOr(spec, "", "serviceAccountName");
    Map<String, Object> account = objects.get(ACCOUNTS, context.namespace(), name);
    if (account == null) {
      throw Refusal.forbidden(
          context,
          "error looking up service account %s/%s: serviceaccount \"%s\" not found"
              .formatted(context.namespace(), name, name));
    }
    return account;
  }

  private static boolean automount(Map<String, Object> spec, Map<String, Object> account) {
    String field = "automountServiceAccountToken";
    Object wanted = spec.get(field) == null ? account.get(field) : spec.get(field);
    return !Boolean.FALSE.equals(wanted);
  }

  private static void mountToken(Map<String, Object> pod, Map<String, Object> spec) {
    String volume = null;
    Set<String> names = new HashSet<>();
    for (Map<String, Object> each : Trees.maps(spec, "volumes")) {
      String name = Trees.stringOr(each, "", "name");
      names.add(name);
      if (name.startsWith(VOLUME_PREFIX)) {
        volume = name;
      }
    }
    boolean there = volume != null;
    while (volume == null || (!there && names.contains(volume))) {
      volume = VOLUME_PREFIX + randomSuffix();
    }
    boolean mounted = false;
    for (Map<String, Object> container : Pods.containers(pod)) {
      boolean has =
          Trees.maps(container, "volumeMounts").stream()
              .anyMatch(mount -> MOUNT_PATH.equals(mount.get("mountPath")));
      if (!has) {
        Map<String, Object> mount = map("name", volume);
        mount.put("readOnly", true);
        mount.put("mountPath", MOUNT_PATH);
        Trees.ensureList(container, "volumeMounts").add(mount);
        mounted = true;
      }
    }
    if (mounted && !there) {
      Trees.ensureList(spec, "volumes").add(tokenVolume(volume));
    }
  }

  private static Map<String, Object> tokenVolume(String name) {
    Map<String, Object> token = map("expirationSeconds", TOKEN_SECONDS);
    token.put("path", "token");
    Map<String, Object> ca = map("key", "ca.crt");
    ca.put("path", "ca.crt");
    Map<String, Object> configMap = map("name", "kube-root-ca.crt");
    configMap.put("items", list(ca));
    Map<String, Object> fieldRef = map("apiVersion", "v1");
    fieldRef.put("fieldPath", "metadata.namespace");
    Map<String, Object> namespace = map("path", "namespace");
    namespace.put("fieldRef", fieldRef);
    Map<String, Object> projected = map("defaultMode", 0644L);
    projected.put(
        "sources",
        list(
            map("serviceAccountToken", token),
            map("configMap", configMap),
            map("downwardAPI", map("items", list(namespace)))));
    Map<String, Object> volume = map("name", name);
    volume.put("projected", projected);
    return volume;
  }

  private static void validateMirror(AdmissionContext context, Map<String, Object> pod) {
    if (!Trees.stringOr(pod, "", "spec", "serviceAccountName").isEmpty()) {
      throw Refusal.forbidden(context, "a mirror pod may not reference service accounts");
    }
    for (Map<String, Object> volume : Trees.maps(pod, "spec", "volumes")) {
      if (volume.get("secret") != null) {
        throw Refusal.forbidden(context, "a mirror pod may not reference secrets");
      }
      for (Map<String, Object> source : Trees.maps(volume, "projected", "sources")) {
        if (source.get("serviceAccountToken") != null) {
          throw Refusal.forbidden(
              context, "a mirror pod may not use ServiceAccountToken volume projections");
        }
      }
    }
  }

  private static void limitSecrets(
      AdmissionContext context, Map<String, Object> pod, Map<String, Object> account) {
    String accountName = Trees.stringOr(account, "", "metadata", "name");
    Set<Object> mountable = names(account, "secrets");
    for (Map<String, Object> volume : Trees.maps(pod, "spec", "volumes")) {
      String secret = Trees.string(volume, "secret", "secretName");
      if (secret != null && !mountable.contains(secret)) {
        throw Refusal.forbidden(
            context,
            "volume with secret.secretName=\"%s\" is not allowed because service account %s does not reference that secret"
                .formatted(secret, accountName));
      }
    }
    for (Map<String, Object> container : Pods.containers(pod)) {
      for (Map<String, Object> env : Trees.maps(container, "env")) {
        String secret = Trees.string(env, "valueFrom", "secretKeyRef", "name");
        if (secret != null && !mountable.contains(secret)) {
          String containerName = Trees.stringOr(container, "", "name");
          throw Refusal.forbidden(
              context,
              "container %s with envVar %s referencing secret.secretName=\"%s\" is not allowed because service account %s does not reference that secret"
                  .formatted(containerName, env.get("name"), secret, accountName));
        }
      }
    }
    Set<Object> pullable = names(account, "imagePullSecrets");
    List<Map<String, Object>> used = Trees.maps(pod, "spec", "imagePullSecrets");
    for (int i = 0; i < used.size(); i++) {
      Object secret = used.get(i).get("name");
      if (secret != null && !pullable.contains(secret)) {
        throw Refusal.forbidden(
            context,
            "imagePullSecrets[%d].name=\"%s\" is not allowed because service account %s does not reference that imagePullSecret"
                .formatted(i, secret, accountName));
      }
    }
  }

  private static Set<Object> names(Map<String, Object> account, String field) {
    Set<Object> names = new HashSet<>();
    Trees.maps(account, field).forEach(reference -> names.add(reference.getOrDefault("name", "")));
    return names;
  }

  private static String randomSuffix() {
    StringBuilder suffix = new StringBuilder(5);
    for (int i = 0; i < 5; i++) {
      int next = ThreadLocalRandom.current().nextInt(NAME_CHARACTERS.length());
      suffix.append(NAME_CHARACTERS.charAt(next));
    }
    return suffix.toString();
  }

  private static Map<String, Object> map(String key, @Nullable Object value) {
    Map<String, Object> map = new LinkedHashMap<>();
    if (value != null) {
      map.put(key, value);
    }
    return map;
  }

  private static List<Object> list(Object... values) {
    return new ArrayList<>(Arrays.asList(values));
  }
}
