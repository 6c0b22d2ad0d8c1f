using ActorFlow.Core.Definitions;
using ActorFlow.Core.Workflows;
using ActorFlow.Testing.Workflows;

namespace ActorFlow.Testing;

/// <summary>
/// Runs workflows in a test: in this process, in memory, in virtual time. The rules are those of the cluster, and every commit goes through
/// the bytes that a node stores; handlers get the same as from a worker (context, idempotency key, cancellation, timeout, heartbeat).
/// But nothing is distributed: there are no actors, no queues with limits and no network, attempts start at once, and a worker
/// takes any number of them. It is not thread-safe, except for calls from handlers.
/// </summary>
/// <remarks>
/// A call returns after everything that is ready at this virtual time is done. Handlers that only wait for virtual time, or for nothing,
/// run on the thread of the test, in the order in which they start; the host waits for others in real time, and then reports them in that order.
/// </remarks>
public sealed class WorkflowTestHost : IAsyncDisposable
{
    private readonly Dictionary<string, int> _ids = new(StringComparer.Ordinal);
    private bool _isMoving;

    private WorkflowTestHost(WorkflowTestSetup setup) => Node = new(setup);

    /// <summary>The virtual clock, which stands still unless the test advances it.</summary>
    public TimeProvider Clock => Node.Clock;

    /// <summary>Every call of a handler so far, in the order of their starts.</summary>
    public IReadOnlyList<HandlerCall> Calls => Node.Calls;

    /// <summary>All runs, in the order in which they started.</summary>
    public IReadOnlyList<TestRun> Runs => [.. Node.Store.Journals.Select(journal => new TestRun(this, journal.Id))];

    /// <summary>How many commits were written, by all runs.</summary>
    public int Commits => Node.Commits;

    /// <summary>How often the node has crashed.</summary>
    public int Crashes => Node.Crashes;

    internal TestNode Node { get; }

    /// <summary>Makes a host.</summary>
    /// <param name="configure">Adds handlers, and changes the defaults; null means no handlers.</param>
    public static WorkflowTestHost Create(Action<WorkflowTestSetup>? configure = null)
    {
        var setup = new WorkflowTestSetup();
        configure?.Invoke(setup);
        ArgumentOutOfRangeException.ThrowIfLessThan(setup.Grace, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(setup.Patience, TimeSpan.Zero);
        return new(setup);
    }

    /// <summary>Adds or replaces handlers: attempts that waited for them start.</summary>
    public async Task ServeAsync(Action<HandlerSet> configure)
    {
        var more = new HandlerSet();
        configure(more);
        Node.Serve(more);
        await SettleAsync().ConfigureAwait(false);
    }

    /// <summary>Registers a definition.</summary>
    /// <exception cref="DefinitionException">The definition has errors; the exception holds them all.</exception>
    /// <exception cref="WorkflowRefusedException"><c>definition-conflict</c>: the version is registered with another content.</exception>
    public DefinitionReference Register(WorkflowDefinition definition)
    {
        var errors = DefinitionCheck.Run(definition).RemoveAll(problem => problem.IsWarning);
        return errors.IsEmpty ? Node.Store.Register([definition]) : throw new DefinitionException(errors);
    }

    /// <summary>Registers the documents of a YAML or JSON text: the first is the one that runs, the others are definitions of its children.</summary>
    /// <param name="text">The text.</param>
    /// <param name="fileName">The name for messages.</param>
    /// <exception cref="DefinitionException">The text has errors; the exception holds them all.</exception>
    /// <exception cref="WorkflowRefusedException"><c>definition-conflict</c>: a version is registered with another content.</exception>
    public DefinitionReference Register(string text, string fileName = "test.yaml")
    {
        var documents = DefinitionReader.Read(text, fileName);
        return documents.IsValid ? Node.Store.Register(documents.Definitions) : throw new DefinitionException(documents.Errors);
    }

    /// <summary>Registers the documents of a file.</summary>
    /// <inheritdoc cref="Register(string, string)"/>
    public DefinitionReference RegisterFile(string path) => Register(File.ReadAllText(path), Path.GetFileName(path));

    /// <summary>Starts a run of a registered definition.</summary>
    /// <param name="name">Its name, <c>name</c> or <c>name@version</c>; without a version it means the newest.</param>
    /// <param name="input">The input: a value that becomes JSON; null means <c>{}</c>.</param>
    /// <param name="id">The id of the run; null means one made of the name and a number. A start under an id that is in use, with the same definition and input, gives the existing run.</param>
    /// <exception cref="WorkflowRefusedException"><c>definition-not-found</c>, <c>invalid-input</c>, <c>id-conflict</c>, <c>payload-too-large</c>.</exception>
    public Task<TestRun> StartAsync(string name, object? input = null, string? id = null)
    {
        var found = Identifiers.TryReadDefinition(name, out var own, out var version) ? Node.Store.Find(own, version) : null;
        return StartAsync(found ?? throw WorkflowRefusedException.Of("definition-not-found", $"No workflow '{name}' is registered."), input, id);
    }

    /// <summary>Registers a definition, and starts a run of it.</summary>
    /// <inheritdoc cref="StartAsync(string, object, string)"/>
    /// <param name="definition">The definition to run.</param>
    /// <param name="input"></param>
    /// <param name="id"></param>
    public Task<TestRun> StartAsync(WorkflowDefinition definition, object? input = null, string? id = null) => StartAsync(Register(definition), input, id);

    /// <summary>Starts a run of a registered definition.</summary>
    /// <inheritdoc cref="StartAsync(string, object, string)"/>
    /// <param name="definition">The definition to run, as its registration returned it.</param>
    /// <param name="input"></param>
    /// <param name="id"></param>
    public async Task<TestRun> StartAsync(DefinitionReference definition, object? input = null, string? id = null)
    {
        var start = new WorkflowCommand.Start(
            id ?? NextId(definition.Name), Node.NewId(), Node.NewId(), definition, input is null ? Payload.EmptyObject : PayloadOf(input))
        {
            Companions = Node.Store.CompanionsOf(definition),
        };
        await SayAsync(start).ConfigureAwait(false);
        return Run(start.WorkflowId);
    }

    /// <summary>Finds the run of an id: <c>parent/child</c> for a child.</summary>
    /// <exception cref="WorkflowRefusedException"><c>workflow-not-found</c>: there is no such run.</exception>
    public TestRun Run(string id) => Node.Find(id) is not null
        ? new(this, id)
        : throw WorkflowRefusedException.Of(
            "workflow-not-found", $"There is no workflow run '{id}'. There are: {string.Join(", ", Node.Store.Journals.Select(journal => journal.Id))}.");

    /// <summary>The calls of one handler so far, in the order of their starts.</summary>
    public IReadOnlyList<HandlerCall> CallsOf(string handler) => [.. Calls.Where(call => call.Handler == handler)];

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => Node.DisposeAsync();

    internal static Payload PayloadOf(object? value) => value as Payload ?? Payload.From(value);

    internal string NextId(string name)
    {
        do
        {
            _ids[name] = _ids.GetValueOrDefault(name) + 1;
        }
        while (Node.Find($"{name}-{_ids[name]}") is not null);
        return $"{name}-{_ids[name]}";
    }

    // Moves the host through time and through faults

    /// <summary>Lets virtual time pass, from one due time to the next, and does everything that becomes ready at each.</summary>
    /// <param name="time">The virtual time; not negative.</param>
    public Task AdvanceAsync(TimeSpan time)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(time, TimeSpan.Zero);
        return MoveAsync(async () =>
        {
            var until = Clock.GetUtcNow() + time;
            while (await Node.StepAsync(until).ConfigureAwait(false))
            {
            }

            Node.Clock.MoveTo(until);
        });
    }

    /// <summary>Makes the next calls of a handler fail, without running it.</summary>
    /// <param name="handler">The handler.</param>
    /// <param name="type">The error type.</param>
    /// <param name="message">What went wrong.</param>
    /// <param name="retryable">Whether another attempt may help.</param>
    /// <param name="times">The number of calls, 1 or more.</param>
    public void FailNext(
        string handler, string type = "Failed", string message = "The test made it fail.", bool retryable = true, int times = 1)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(times, 1);
        for (var i = 0; i < times; i++)
        {
            Node.Faults.FailNext(handler, new(type, message, retryable));
        }
    }

    /// <summary>
    /// Lets the next call of a handler run to its end, and then loses its result with its worker: the attempt is offered again, and the
    /// handler runs twice. A handler must allow for this, since delivery is at least once.
    /// </summary>
    public void LoseNext(string handler) => Node.Faults.LoseNext(handler);

    /// <summary>Loses the worker: attempts whose handlers run now never end, and are offered again under the same number.</summary>
    /// <returns>How many attempts were lost.</returns>
    public async Task<int> LoseWorkerAsync()
    {
        var lost = 0;
        await MoveAsync(() =>
        {
            lost = Node.LoseWorker();
            return Task.CompletedTask;
        }).ConfigureAwait(false);
        return lost;
    }

    /// <summary>
    /// Crashes the node and starts it again: its memory is lost, running handlers never end, and every run is recovered
    /// from the bytes of its newest checkpoint and the journal after it. Attempts that were under way are offered again under the same number.
    /// </summary>
    public Task CrashAsync() => MoveAsync(() =>
    {
        Node.Crash();
        return Task.CompletedTask;
    });

    /// <summary>
    /// Crashes the node as soon as a number of further commits are written, before the effects of the last one. A call of the test
    /// that was under way is repeated under the same command id, as a client does.
    /// </summary>
    /// <param name="commits">The number of commits, 1 or more.</param>
    public void CrashAfterCommits(int commits)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(commits, 1);
        Node.Faults.CrashAfter = Commits + commits;
    }

    /// <summary>
    /// Crashes the node after every commit from now on. A run must nevertheless end the same way; its handlers may be called more often,
    /// and one that takes longer than the time between two commits never ends.
    /// </summary>
    public void CrashAfterEveryCommit() => Node.Faults.CrashesAlways = true;

    internal Task EndAsync(TestRun run, TimeSpan within) => MoveAsync(async () =>
    {
        var until = Clock.GetUtcNow() + within;
        await Node.SettleAsync().ConfigureAwait(false);
        while (!run.HasEnded)
        {
            if (Waits.MissingHandlers(run.Live, Node, withChildren: true).Any())
            {
                throw new WorkflowWaitsException(run.Id, [.. run.WaitingFor], "no worker of this host can run all of its tasks.");
            }

            if (!await Node.StepAsync(until).ConfigureAwait(false))
            {
                var how = Node.NextDue is null ? "nothing happens any more by itself." : $"it has not within {within}.";
                throw new WorkflowWaitsException(run.Id, [.. run.WaitingFor], how);
            }
        }
    });

    /// <summary>Sends a command to a run, and does everything that it leads to at this time.</summary>
    internal async Task SayAsync(WorkflowCommand command)
    {
        Decision? decision;
        do
        {
            var answer = new TaskCompletionSource<Decision?>();
            Node.Send(new Mail.ToRun(command, decided => answer.TrySetResult(decided), () => answer.TrySetResult(null)));
            if (VirtualClock.Owner.Value is null)
            {
                await SettleAsync().ConfigureAwait(false);
            }

            // For a call from a handler, the flow that moves the host at this moment gives the answer.
            decision = await answer.Task.ConfigureAwait(false);
        }
        while (decision is null);

        if (decision is Decision.Refused refused)
        {
            throw WorkflowRefusedException.Of(refused.Code, refused.Reason);
        }
    }

    private Task SettleAsync() => MoveAsync(() => Task.CompletedTask);

    private async Task MoveAsync(Func<Task> move)
    {
        if (_isMoving)
        {
            throw new InvalidOperationException(
                "The host is being moved already: a handler may send commands to runs, but not move time, crash or wait for an end, and nobody may from another thread.");
        }

        _isMoving = true;
        try
        {
            await WithoutContext(() => MoveAndSettleAsync(move)).ConfigureAwait(false);
        }
        finally
        {
            _isMoving = false;
        }
    }

    private async Task MoveAndSettleAsync(Func<Task> move)
    {
        Node.CountStepsAnew();
        await move().ConfigureAwait(false);
        await Node.SettleAsync().ConfigureAwait(false);
    }

    /// <summary>Runs a move without the test's synchronization context, so that continuations run at once and on the same thread.</summary>
    private static Task WithoutContext(Func<Task> move)
    {
        var context = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(null);
        try
        {
            return move();
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(context);
        }
    }
}
