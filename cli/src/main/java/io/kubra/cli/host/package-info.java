/**
 * What a machine is and has, read from files below a root folder so that tests can bring machines
 * of their own: facts, and the labels by which Node Feature Discovery names them.
 */
@NullMarked
package io.kubra.cli.host;

import org.jspecify.annotations.NullMarked;
