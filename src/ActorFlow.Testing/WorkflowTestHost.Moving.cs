using ActorFlow.Core.Workflows;
using ActorFlow.Runtime.Workflows;
using ActorFlow.Testing.Workflows;

namespace ActorFlow.Testing;

/// <summary>Moves the host through time and through faults.</summary>
public sealed partial class WorkflowTestHost
{
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
            Node.FailNext(handler, new(type, message, retryable));
        }
    }

    /// <summary>
    /// Lets the next call of a handler run to its end, and then loses its result with its worker: the attempt is offered again, and the
    /// handler runs twice. A handler must allow for this, since delivery is at least once.
    /// </summary>
    public void LoseNext(string handler) => Node.LoseNext(handler);

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
        Node.CrashAfter = Commits + commits;
    }

    /// <summary>
    /// Crashes the node after every commit from now on. A run must nevertheless end the same way; its handlers may be called more often,
    /// and one that takes longer than the time between two commits never ends.
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
