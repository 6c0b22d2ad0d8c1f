namespace ActorFlow.Runtime.Hosting;

/// <summary>The settings of Akka that a node needs, each with its reason.</summary>
internal static class NodeSettings
{
    public static string Hocon(ActorFlowOptions options) =>
        $$"""
        akka {
          # Draining a worker takes its grace, and the time to hear from the runs.
          coordinated-shutdown.phases.service-requests-done.timeout = {{(int)options.Worker.Grace.TotalSeconds + 15}}s
          # Logs go where the host's logging goes.
          stdout-loglevel = off
          log-config-on-start = off
          log-dead-letters = off
          log-dead-letters-during-shutdown = off
          # Wakes when a timer is due, not a hundred times a second to look.
          scheduler.implementation = "{{typeof(DueTimeScheduler).AssemblyQualifiedName}}"
          actor {
            ask-timeout = 10s
            # Every message and event has a form of its own on the wire and in the journal.
            serialization-settings.allow-unregistered-types = false
          }
          remote.dot-netty.tcp {
            maximum-frame-size = 4MB
            send-buffer-size = 8MB
            receive-buffer-size = 8MB
          }
          cluster {
            seed-node-timeout = 2s
            # A node that is back under its address asks again soon, for its former self is to be removed first; but not before it
            # would have found that no other node answers.
            retry-unsuccessful-join-after = 3s
            failure-detector { heartbeat-interval = 1s, acceptable-heartbeat-pause = 4s }
            split-brain-resolver.stable-after = 7s
            down-removal-margin = 3s
            sharding {
              state-store-mode = ddata
              retry-interval = 200ms
              waiting-for-state-timeout = 1s
              coordinator-failure-backoff = 1s
              handoff-timeout = 20s
              entity-restart-backoff = 1s
              # A node that comes back with many runs wakes them little by little.
              entity-recovery-strategy = constant
              entity-recovery-constant-rate-strategy { frequency = 100ms, number-of-entities = 100 }
              distributed-data.durable.keys = []
              least-shard-allocation-strategy { rebalance-absolute-limit = 20, rebalance-relative-limit = 0.2 }
            }
          }
          persistence.max-concurrent-recoveries = 200
        }
        {{RunMailbox.Path}}.mailbox-type = "{{typeof(RunMailbox).AssemblyQualifiedName}}"
        {{(options.Cluster.SeedNodes.Count == 0 ? Alone : string.Empty)}}
        """;

    // A single node need not wait for others when it joins and leaves its own cluster.
    private const string Alone =
        """
        akka.cluster {
          gossip-interval = 200ms
          leader-actions-interval = 200ms
          periodic-tasks-initial-delay = 10ms
          singleton.hand-over-retry-interval = 100ms
          sharding.retry-interval = 50ms
        }
        """;
}
