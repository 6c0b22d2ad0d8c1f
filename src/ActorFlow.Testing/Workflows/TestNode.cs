using System.Collections.Concurrent;
using ActorFlow.Core.Workflows;

namespace ActorFlow.Testing.Workflows;

/// <summary>
/// A node without actors: it takes commands one after another, writes their commits, and carries out the effects of its runs'
/// states. It runs on the caller's thread; handlers may send mail from any thread.
/// </summary>
internal sealed partial class TestNode : IAsyncDisposable
{
    private const int StepsAtMost = 1_000_000;

    private readonly ConcurrentQueue<Mail> _mail = new();
    private readonly Dictionary<string, LiveRun> _runs = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim _changed = new(0);
    private readonly Random _random;
    private readonly WorkflowTestSetup _setup;
    private int _steps;

    public TestNode(WorkflowTestSetup setup)
    {
        _setup = setup;
        _random = new(setup.Seed);
        Clock = new(setup.StartTime);
        Handlers = new(setup, Clock);
    }

    public VirtualClock Clock { get; }

    public TestStore Store { get; } = new();

    public HandlerCatalog Handlers { get; }

    /// <summary>How many commits were written, by all runs.</summary>
    public int Commits { get; private set; }

    private DateTimeOffset Now => Clock.GetUtcNow();

    public Guid NewId()
    {
        var bytes = new byte[16];
        _random.NextBytes(bytes);
        return new(bytes);
    }

    /// <summary>The run in memory; null means that there is no such run.</summary>
    public LiveRun? Find(string id) => _runs.GetValueOrDefault(id);

    public IEnumerable<LiveRun> Runs => Store.Journals.Select(journal => Find(journal.Id)).OfType<LiveRun>();

    public void Send(Mail mail)
    {
        _mail.Enqueue(mail);
        Signal();
    }

    /// <summary>Does everything that can be done at this moment.</summary>
    public async Task SettleAsync()
    {
        while (true)
        {
            if (++_steps > StepsAtMost)
            {
                throw new InvalidOperationException($"The runs took more than {StepsAtMost:n0} steps in one call: does one loop for ever?");
            }

            if (_mail.TryDequeue(out var mail))
            {
                Deliver(mail);
            }
            else if (TakeOffer() is { } offered)
            {
                Begin(offered);
            }
            else if (_attempts.Any(attempt => attempt.IsWorking))
            {
                await WaitForHandlersAsync().ConfigureAwait(false);
            }
            else if (_attempts.Find(attempt => attempt.Handler is { IsCompleted: true }) is { } ended)
            {
                Report(ended);
            }
            else if (_mail.IsEmpty)
            {
                return;
            }
        }
    }

    public void CountStepsAnew() => _steps = 0;

    public async ValueTask DisposeAsync()
    {
        foreach (var attempt in _attempts.ToList())
        {
            Lose(attempt);
        }

        await Handlers.DisposeAsync().ConfigureAwait(false);
        _changed.Dispose();
    }

    private void Signal()
    {
        try
        {
            _changed.Release();
        }
        catch (ObjectDisposedException)
        {
            // No run waits for this handler any more.
        }
    }

    private void Deliver(Mail mail)
    {
        switch (mail)
        {
            case Mail.ToNode node:
                node.Do();
                break;
            case Mail.ToRun run:
                Deliver(run);
                break;
        }
    }

    private void Deliver(Mail.ToRun mail)
    {
        var run = mail.Command is WorkflowCommand.Start start ? FindOrOpen(start) : Find(mail.Command.WorkflowId);
        var session = run?.Session ?? new(mail.Command.WorkflowId);
        var before = session.State;
        var step = session.Handle(mail.Command, Now, _random.NextDouble);
        if (step.Decision is Decision.Accepted accepted)
        {
            if (before is WorkflowState.NotStarted)
            {
                run = new(session, Store.Open(session.WorkflowId));
                _runs[run.Id] = run;
            }

            run!.Write(before!, accepted.Commit);
            if (++Commits == CrashAfter || CrashesAlways)
            {
                Crash();
                mail.Lost?.Invoke();
                return;
            }

            ReconcileEffects(run);
        }
        else if (step.ReportsAgain)
        {
            TellParent(session);
        }

        if (step.FollowUp is { } followUp)
        {
            Send(new Mail.ToRun(followUp));
        }

        mail.Then?.Invoke(step.Decision);
    }

    /// <summary>Finds the run with the id of a start, or opens a new one; a child that its parent starts again gets a new one.</summary>
    private LiveRun FindOrOpen(WorkflowCommand.Start start) =>
        Find(start.WorkflowId) is { } run && !run.Session.Begins(start) ? run : NotStarted(start);

    private LiveRun NotStarted(WorkflowCommand.Start start)
    {
        var session = new WorkflowSession(start.WorkflowId);
        session.Prepare(Store.PlanOf(start.Definition));
        return new(session, new(start.WorkflowId));
    }
}
