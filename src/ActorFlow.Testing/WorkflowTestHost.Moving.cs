using ActorFlow.Core.Workflows;
using ActorFlow.Runtime.Workflows;
using ActorFlow.Testing.Workflows;

namespace ActorFlow.Testing;

/// <summary>Moving the host: through time, and through faults.</summary>
public sealed partial class WorkflowTestHost
{
    /// <summary>Lets virtual time pass, from one moment at which something falls due to the next, doing at each everything that becomes ready.</summary>
    /// <param name="time">How much; not negative.</param>
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

    /// <summary>Lets the next calls of a handler fail, without running it.</summary>
    /// <param name="handler">The handler.</param>
    /// <param name="type">The error type.</param>
    /// <param name="message">What went wrong.</param>
    /// <param name="retryable">Whether another attempt may help.</param>
    /// <param name="times">How many calls; 1 or more.</param>
    public void FailNext(
        string handler, string type = "Failed", string message = "The test made it fail.", bool retryable = true, int times = 1)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(times, 1);
        for (var i = 0; i < times; i++)
        {
            Node.FailNext(handler, new(type, message, retryable));
        }
    }

    /// <summary>
    /// Lets the next call of a handler run to its end, and its result be lost with its worker: the attempt is offered again, and the
    /// handler runs twice. What a handler must be able to bear, its delivery being at least once.
    /// </summary>
    public void LoseNext(string handler) => Node.LoseNext(handler);

    /// <summary>Loses the worker: attempts whose handlers run now never go on, and are offered again under the same number.</summary>
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
    /// Crashes the node and starts it again: whatever was in memory is gone, handlers that ran never go on, and every run is found again
    /// from its newest checkpoint and the journal after it, as bytes. Attempts that were under way are offered again under the same number.
    /// </summary>
    public Task CrashAsync() => MoveAsync(() =>
    {
        Node.Crash();
        return Task.CompletedTask;
    });

    /// <summary>
    /// Crashes the node as soon as so many further commits are written, before anything is done about the last of them. A call of the test
    /// that was under way is repeated under the same command id, as a client does.
    /// </summary>
    /// <param name="commits">How many; 1 or more.</param>
    public void CrashAfterCommits(int commits)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(commits, 1);
        Node.CrashAfter = Commits + commits;
    }

    /// <summary>
    /// Crashes the node after every commit from now on. A run must come to the same end all the same; its handlers may be called more often,
    /// and one that takes longer than the time between two commits never comes to its end.
    /// </summary>
    public void CrashAfterEveryCommit() => Node.CrashesAlways = true;

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

    /// <summary>Says something to a run, and does everything that it leads to at this moment.</summary>
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

            // A handler is answered by whoever moves the host at this moment.
            decision = await answer.Task.ConfigureAwait(false);
        }
        while (decision is null);

        if (decision is Decision.Refused refused)
        {
            throw new WorkflowRefusedException(refused.Code, refused.Reason);
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

    /// <summary>What waits for a run goes on at once and on the same thread, and not when the test's context finds the time.</summary>
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
