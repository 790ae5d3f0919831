package io.kubra.apiserver.admission.policy;

import io.kubra.api.meta.GroupResource;
import io.kubra.api.schema.Catalogue;
import io.kubra.api.status.ApiException;
import io.kubra.api.tree.Trees;
import io.kubra.apiserver.registry.ChangeEvent;
import io.kubra.apiserver.registry.ObjectAccess;
import io.kubra.apiserver.request.PostStartHook;
import io.kubra.store.StoreException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the status of validating policies: the generation that was looked at, and what type
 * checking found. One virtual thread does it after the start.
 */
public final class PolicyStatus implements PostStartHook, AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(PolicyStatus.class);
  private static final GroupResource POLICIES =
      new GroupResource("admissionregistration.k8s.io", "validatingadmissionpolicies");
  private static final String END = "";
  private static final Duration RETRY = Duration.ofSeconds(1);

  private final TypeChecking checking;
  private final BlockingQueue<String> changed = new LinkedBlockingQueue<>();

  public PolicyStatus(Catalogue catalogue) {
    this.checking = new TypeChecking(catalogue);
  }

  @Override
  public String name() {
    return "validating-admission-policy-status";
  }

  @Override
  public void run(ObjectAccess objects) {
    objects.onChange(
        POLICIES,
        event -> {
          if (event.type() != ChangeEvent.Type.DELETED && isNew(event.object())) {
            changed.add(Trees.stringOr(event.object(), "", "metadata", "name"));
          }
        });
    Thread.ofVirtual().name("policy-status").start(() -> follow(objects));
  }

  @Override
  public void close() {
    changed.add(END);
  }

  private void follow(ObjectAccess objects) {
    try {
      for (String name = changed.take(); !name.equals(END); name = changed.take()) {
        update(objects, name);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static boolean isNew(Map<String, Object> policy) {
    return Trees.integerOr(policy, 0, "status", "observedGeneration")
        != Trees.integerOr(policy, 0, "metadata", "generation");
  }

  private void update(ObjectAccess objects, String name) throws InterruptedException {
    try {
      Map<String, Object> policy = objects.get(POLICIES, "", name);
      if (policy == null || !isNew(policy)) {
        return;
      }
      Map<String, Object> status = new LinkedHashMap<>();
      status.put("observedGeneration", Trees.integerOr(policy, 0, "metadata", "generation"));
      status.put("typeChecking", checking.check(policy));
      policy.put("status", status);
      objects.updateStatus(POLICIES, policy);
    } catch (ApiException e) {
      boolean goneOrChanged = e.code() == 404 || e.code() == 409;
      if (!goneOrChanged) {
        log.warn("the status of policy {} was not updated: {}", name, e.message());
      }
    } catch (StoreException e) {
      // the store comes back, and nothing else would ask for this policy again
      log.warn("the status of policy {} is not updated yet: {}", name, e.getMessage());
      Thread.sleep(RETRY);
      changed.add(name);
    } catch (RuntimeException e) {
      log.error("policy {} cannot be checked", name, e);
    }
  }
}
