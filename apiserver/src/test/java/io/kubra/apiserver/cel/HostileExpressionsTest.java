package io.kubra.apiserver.cel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cel.common.types.SimpleType;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class HostileExpressionsTest {
  private static final Environment ENVIRONMENT =
      Environment.builder().variable("object", SimpleType.DYN).build();

  @Test
  void deepAndLongExpressionsAreRefusedOrEvaluated() throws InterruptedException {
    AtomicReference<Throwable> failure = new AtomicReference<>();
    // Requests are worked on by virtual threads, whose stacks are not those of others.
    Thread.ofVirtual()
        .uncaughtExceptionHandler((thread, e) -> failure.set(e))
        .start(HostileExpressionsTest::attemptAll)
        .join();
    assertThat(failure.get()).isNull();
  }

  private static void attemptAll() {
    for (int n : new int[] {1000, 40_000}) {
      for (String text :
          List.of(
              "(".repeat(n) + "1" + ")".repeat(n),
              "[".repeat(n) + "1" + "]".repeat(n),
              "!".repeat(n) + "true",
              "-".repeat(n) + "1",
              "1" + "+1".repeat(n),
              "object" + ".a".repeat(n),
              "object" + "[0]".repeat(n),
              "true" + " && true".repeat(n / 4),
              "true ? 1 : ".repeat(n / 8) + "1",
              "{'a': ".repeat(n / 6) + "1" + "}".repeat(n / 6),
              "size(".repeat(n / 5) + "'a'" + ")".repeat(n / 5),
              "[1].all(x, ".repeat(n / 10) + "true" + ")".repeat(n / 10),
              "'" + "a".repeat(n) + "'.matches('" + "(a+)+".repeat(n / 5) + "b')",
              "'%s'.format(['" + "%s".repeat(n) + "'])",
              "'" + "%9999999999d".repeat(n / 12) + "'.format([1])",
              "\"\\" + "u0000".repeat(n / 5) + "\"")) {
        attempt(text);
      }
    }
  }

  private static void attempt(String text) {
    try {
      Expression.compile(ENVIRONMENT, text)
          .evaluate(
              name -> name.equals("object") ? Values.of(Map.of()) : null, Budget.forRequest());
    } catch (CelException e) {
      assertThat(e.message()).isNotEmpty();
    } catch (StackOverflowError e) {
      throw new AssertionError(text.length() + " characters: " + text.substring(0, 20), e);
    }
  }
}
