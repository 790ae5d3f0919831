/** What the container runtime has of each pod, read afresh or watched for changes. */
@NullMarked
package io.kubra.node.runtime;

import org.jspecify.annotations.NullMarked;
