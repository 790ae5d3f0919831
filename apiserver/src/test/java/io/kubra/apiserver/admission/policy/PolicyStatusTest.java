package io.kubra.apiserver.admission.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubra.api.schema.Catalogue;
import io.kubra.api.tree.Trees;
import io.kubra.apiserver.registry.ChangeEvent;
import io.kubra.apiserver.registry.ObjectAccess;
import io.kubra.store.StoreException;
import java.lang.reflect.Proxy;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class PolicyStatusTest {
  @Test
  void aPolicyIsCheckedAlsoWhenTheStoreDidNotAnswerAtFirst() throws Exception {
    Map<String, Object> policy =
        PolicyServer.tree(
            PolicyServer.policy(
                    "ValidatingAdmissionPolicy",
                    "late",
                    "configmaps",
                    "validations: [{expression: 'true'}]")
                .replace("{name: late}", "{name: late, generation: 1}"));
    CompletableFuture<Object> written = new CompletableFuture<>();
    try (PolicyStatus status = new PolicyStatus(Catalogue.builtin())) {
      status.run(objects(policy, written));

      assertThat(Trees.get(written.get(10, TimeUnit.SECONDS), "status", "observedGeneration"))
          .isEqualTo(1L);
    }
  }

  /** One policy, in a store that fails once. */
  private static ObjectAccess objects(
      Map<String, Object> policy, CompletableFuture<Object> written) {
    AtomicBoolean failed = new AtomicBoolean();
    return (ObjectAccess)
        Proxy.newProxyInstance(
            ObjectAccess.class.getClassLoader(),
            new Class<?>[] {ObjectAccess.class},
            (proxy, method, arguments) -> {
              switch (method.getName()) {
                case "onChange" -> {
                  @SuppressWarnings("unchecked")
                  Consumer<ChangeEvent> listener = (Consumer<ChangeEvent>) arguments[1];
                  listener.accept(new ChangeEvent(ChangeEvent.Type.ADDED, policy, null, 1));
                  return null;
                }
                case "get" -> {
                  if (!failed.getAndSet(true)) {
                    throw new StoreException("the store does not answer");
                  }
                  return Trees.deepCopy(policy);
                }
                case "updateStatus" -> {
                  written.complete(arguments[1]);
                  return arguments[1];
                }
                default -> throw new UnsupportedOperationException(method.getName());
              }
            });
  }
}
