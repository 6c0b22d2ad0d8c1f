using ActorFlow.Core.Tasks;
using ActorFlow.Core.Workflows;
using ActorFlow.Runtime.Tasks;
using Akka.Actor;

namespace ActorFlow.Runtime.Tests.Tasks;

/// <summary>
/// Hosts die and come back, the queue dies, messages between them are dropped, doubled and reordered, acknowledgements are
/// withheld, and so are half of the inputs, which are asked for and now and then not told. Whatever happens, each attempt succeeds once as far as its run can see, and is started again only if the process that ran it
/// died, or after its run was told that it was lost or given back.
/// </summary>
public sealed class DispatchChaosTests : DispatchTest
{
    private const int Attempts = 250;
    private const int StormSteps = 400;

    private readonly Dictionary<string, (IActorRef Host, int Process)> _hosts = [];
    private readonly Lock _gate = new();
    private readonly Dictionary<AttemptId, List<int>> _starts = [];
    private readonly HashSet<int> _dead = [];
    private Random _random = new(0);
    private double _noise = 1;
    private IActorRef _queue = ActorRefs.Nobody;
    private int _processes;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    public async Task Every_attempt_succeeds_once_and_starts_again_only_after_it_was_lost(int seed)
    {
        _random = new(seed);
        WorkerOptions = SlotsOf(4);
        QueueOptions = new() { Capacity = 40, CapacityPerKey = 40, UnroutableCapacity = 40 };
        var run = new ChaosRun(this, seed);
        foreach (var node in (string[])["w1", "w2", "w3"])
        {
            StartHost(node);
        }

        _queue = StartQueue();
        run.Begin();

        var steps = 0;
        await AdvanceUntil(
            () =>
            {
                if (++steps < StormSteps)
                {
                    Harm();
                }
                else
                {
                    Calm();
                }

                run.Step(_queue);
                return run.IsDone && steps > StormSteps;
            },
            TimeSpan.FromMilliseconds(200));

        // Whatever was told before the last start has arrived now.
        await Runs.CatchUpAsync();
        run.Step(_queue);
        lock (_gate)
        {
            Assert.Equal(Attempts, run.Succeeded.Count);
            Assert.Equal(
                Enumerable.Range(1, Attempts).Where(n => n % 2 == 1), Runs.Fetches.Select(fetch => fetch.Attempt.Execution.Task).Distinct().Order());
            Assert.All(_starts, started =>
                Assert.InRange(started.Value.Count, 1, 1 + run.Returned(started.Key) + DeadAmong(started.Value)));
        }
    }

    private void Harm()
    {
        switch (_random.Next(60))
        {
            case 0:
                StopHost($"w{_random.Next(1, 4)}");
                break;
            case 1:
                StartHost($"w{_random.Next(1, 4)}");
                break;
            case 2:
                StartHost($"w{_random.Next(1, 4)}");
                break;
            case 3:
                Sys.Stop(_queue);
                _queue = StartQueue();
                break;
        }
    }

    /// <summary>All workers live and messages arrive, so that the end can come.</summary>
    private void Calm()
    {
        _noise = 0.001;
        foreach (var node in (string[])["w1", "w2", "w3"])
        {
            StartHost(node);
        }
    }

    private int DeadAmong(List<int> processes) => processes.Count(_dead.Contains);

    private void StopHost(string node)
    {
        if (_hosts.Remove(node, out var host))
        {
            _dead.Add(host.Process);
            Sys.Stop(host.Host);
        }
    }

    /// <summary>A new process in place of the former: nothing of that is left, but that what it reported may be under way.</summary>
    private void StartHost(string node)
    {
        if (_hosts.ContainsKey(node))
        {
            return;
        }

        var process = ++_processes;
        var seed = (1_000 * process) + _random.Next(1_000);
        var wire = Sys.ActorOf(Props.Create(() => new LossyWire(Queues, seed, () => _noise)));
        var host = Sys.ActorOf(WorkerHost.Props(Node(("echo", new Handler((input, _, token) => RunAsync(process, input, token)))), node, wire, Runs.Ref));
        wire.Tell(new LossyWire.Bind(host));
        _hosts.Add(node, (host, process));
        Directory.Add(new(node, wire));
    }

    private async Task<Payload> RunAsync(int process, Payload input, CancellationToken token)
    {
        var attempt = Attempt(input.To<int>());
        lock (_gate)
        {
            if (!_starts.TryGetValue(attempt, out var starts))
            {
                _starts.Add(attempt, starts = []);
            }

            starts.Add(process);
        }

        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(1 + (100 * (input.To<int>() % 40))), Time);
        await timer.WaitForNextTickAsync(token);
        return input;
    }

    /// <summary>A run that offers its attempts until each has succeeded.</summary>
    private sealed class ChaosRun(DispatchChaosTests test, int seed)
    {
        private readonly Random _random = new(-seed);
        private readonly HashSet<AttemptId> _outstanding = [.. Enumerable.Range(1, Attempts).Select(n => Attempt(n))];
        private readonly HashSet<(AttemptId, LeaseId)> _returned = [];
        private int _read;
        private int _steps;

        public HashSet<AttemptId> Succeeded { get; } = [];

        public bool IsDone => _outstanding.Count == 0;

        public int Returned(AttemptId attempt) => _returned.Count(lease => lease.Item1 == attempt);

        public void Begin()
        {
            var random = new Random(7 * seed);
            test.Runs.Acknowledges = true;
            test.Runs.OnFetch = fetch => random.Next(4) == 0
                ? []
                : [new(fetch.WorkflowId, fetch.Attempt, fetch.Lease, random.Next(20) == 0 ? null : Payload.From(fetch.Attempt.Execution.Task))];
        }

        public void Step(IActorRef queue)
        {
            foreach (var report in test.Runs.Reports.Skip(_read).ToList())
            {
                _read++;
                Apply(report);
            }

            test.Runs.Acknowledges = _random.Next(5) > 0;
            if (_steps++ % 5 == 0)
            {
                queue.Tell(test.OfferOf([.. _outstanding.Select(attempt => OrderOf(attempt.Execution.Task))]));
            }
        }

        private TaskOrder OrderOf(int n)
        {
            var order = test.Order(n);
            return n % 2 == 0 ? order : order with { Input = Payload.Null, WithheldBytes = 100_000 };
        }

        private void Apply(WorkflowCommand.Report report)
        {
            if (report.Outcome is TaskOutcome.Succeeded)
            {
                _outstanding.Remove(report.Attempt);
                Succeeded.Add(report.Attempt);
            }
            else
            {
                Assert.True(report.Outcome is TaskOutcome.Lost or TaskOutcome.Released, $"{report.Outcome}");
                _returned.Add((report.Attempt, report.Lease));
            }
        }
    }
}
