package io.kubra.node.action;

/** How an action went. */
public sealed interface Outcome {
  /** It did what it should. */
  record Success(String output) implements Outcome {}

  /** The container's answer was no, or none came. */
  record Failure(String output) implements Outcome {}

  /** It could not be tried: nothing is known about the container. */
  record Unknown(String error) implements Outcome {}
}
