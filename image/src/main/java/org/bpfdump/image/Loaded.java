// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image;

import java.lang.foreign.MemorySegment;
import java.util.concurrent.locks.ReentrantLock;
import org.bpfdump.image.memory.VirtualMemory;
import org.bpfdump.image.snapshot.Notes;
import org.bpfdump.image.snapshot.Root;
import org.bpfdump.image.snapshot.Snapshot;
import org.bpfdump.image.vm.Engine;
import org.bpfdump.image.vm.Processor;
import org.bpfdump.image.vm.Regions;
import org.bpfdump.image.vm.helper.HelperState;
import org.bpfdump.image.vm.map.MapTable;
import org.bpfdump.image.vm.map.ProgramMaps;
import org.bpfdump.image.walk.ImageTarget;
import org.bpfdump.image.walk.Walk;
import org.bpfdump.image.walk.WalkContext;
import org.bpfdump.kernel.Parameter;
import org.bpfdump.kernel.Reading;
import org.bpfdump.kernel.Target;

/**
 * A program that is ready, and what its passes share: its maps. Two passes do not read at the same
 * time where it has maps, since values are plain memory to it.
 *
 * @param target what it walks
 * @param walked the same, as an image has it
 * @param parameter what of it
 * @param program made ready with the addresses that {@code maps} have in every fresh memory
 * @param maps of the program
 * @param running held while a pass reads, if the program has maps
 */
record Loaded(
    Target target,
    ImageTarget walked,
    Parameter parameter,
    Engine.Prepared program,
    ProgramMaps maps,
    ReentrantLock running) {

  /** Starts a pass. Owns the hold, unless this fails. */
  ImageDump open(Image.Hold hold, long network, long pids) {
    Image image = hold.image();
    Snapshot snapshot = image.snapshot();
    VirtualMemory memory = snapshot.memory();
    Notes notes = new Notes();
    Regions own = new Regions();
    // Before anything else: the addresses of maps are the same in every pass.
    MapTable table = maps.attach(own);
    SeqFile output = new SeqFile();
    Processor processor =
        new Processor(snapshot, memory, own, output, new HelperState(snapshot, table));
    ProgramContext context = new ProgramContext(target, snapshot.types(), own, image.nextSession());
    Walk walk =
        walked.open(
            new WalkContext(
                snapshot,
                memory,
                parameter,
                network == 0 ? snapshot.find(Root.INIT_NET).orElse(0) : network,
                pids == 0 ? snapshot.find(Root.INIT_PID_NS).orElse(0) : pids,
                own,
                notes));
    Pass pass =
        new Pass(
            walk,
            (number, arguments) -> {
              context.set(number, arguments);
              return program.run(processor, context.address());
            },
            output,
            Math.max(0, target.arguments().size() - 1),
            walked.hasStartToken(),
            walked.endsOnOne());
    Reading.Source source = maps.size() == 0 ? pass : into -> readAlone(pass, into);
    return new ImageDump(hold, source, target.path(), memory, notes);
  }

  private long readAlone(Pass pass, MemorySegment into) {
    running.lock();
    try {
      return pass.read(into);
    } finally {
      running.unlock();
    }
  }
}
