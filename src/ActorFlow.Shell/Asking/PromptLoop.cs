using System.Collections.Immutable;
using ActorFlow.Runtime.Workflows;
using ActorFlow.Shell.Runs;

namespace ActorFlow.Shell.Asking;

/// <summary>
/// Stands between a run under way and whoever sits at the terminal: asks one question after another, and leaves as soon as nothing but
/// answers and signals is left to wait for that nobody here can give.
/// </summary>
/// <param name="node">Where the run is.</param>
/// <param name="tree">The run and its children.</param>
/// <param name="feed">Tells of changes.</param>
/// <param name="people">Whoever sits at the terminal.</param>
/// <param name="isUnderWay">
/// Whether the run may have begun to wait before now: then the first look waits for no change, which somebody else may have heard of.
/// </param>
internal sealed class PromptLoop(EmbeddedNode node, RunTree tree, ProgressFeed feed, IPrompt people, bool isUnderWay = false)
{
    private readonly HashSet<(string Run, string Task)> _told = [];

    /// <summary>Attends to the run.</summary>
    /// <param name="cancellationToken">The run has ended, or is interrupted.</param>
    /// <returns>What is left to wait for.</returns>
    public async Task<ImmutableArray<OpenWait>> AttendAsync(CancellationToken cancellationToken)
    {
        for (var waits = !isUnderWay; ; waits = true)
        {
            if (waits)
            {
                await feed.ChangedAsync(cancellationToken).ConfigureAwait(false);
            }

            while (true)
            {
                // Whatever begins to wait from now on switches it on again.
                feed.IsWatched = false;
                var standing = await tree.LookAsync(cancellationToken).ConfigureAwait(false);
                feed.IsWatched |= standing.Waits.Length > 0;
                if (people.ArePresent && standing.Waits.OfType<OpenWait.Answer>().FirstOrDefault() is { } open)
                {
                    await AskAsync(new(open.Run, open.Question), cancellationToken).ConfigureAwait(false);
                    continue;
                }

                Tell(standing.Waits);
                if (!standing.GoesOn && standing.Waits.Length > 0)
                {
                    return standing.Waits;
                }

                break;
            }
        }
    }

    private void Tell(ImmutableArray<OpenWait> waits)
    {
        foreach (var wait in waits)
        {
            if (_told.Add((wait.Run, wait.Task)))
            {
                people.Tell(wait);
            }
        }
    }

    private async Task AskAsync(RunQuestion question, CancellationToken cancellationToken)
    {
        string? refusal = null;
        while (true)
        {
            using var closed = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            var answering = people.AskAsync(question, refusal, closed.Token);
            if (!await IsStillOpenAsync(question, answering, cancellationToken).ConfigureAwait(false))
            {
                await closed.CancelAsync().ConfigureAwait(false);
                await ((Task)answering).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                return;
            }

            if (await answering.ConfigureAwait(false) is not { } answer)
            {
                return;
            }

            try
            {
                await node.Engine.AnswerAsync(question.Run, question.Question.Task, answer.Value, answer.By, answer.Comment, cancellationToken: cancellationToken)
                    .ConfigureAwait(false);
                return;
            }
            catch (WorkflowRefusedException refused)
            {
                // Where the question is open no longer, the next look does not find it.
                if (refused.Code is not ("invalid-answer" or "payload-too-large" or "limit-exceeded"))
                {
                    return;
                }

                refusal = refused.Message;
            }
        }
    }

    /// <summary>Waits for the answer; false: the question was closed meanwhile, by its timeout for one.</summary>
    private async Task<bool> IsStillOpenAsync(RunQuestion question, Task answering, CancellationToken cancellationToken)
    {
        using var answered = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        while (true)
        {
            var changed = feed.ChangedAsync(answered.Token);
            if (await Task.WhenAny(answering, changed).ConfigureAwait(false) == answering)
            {
                await answered.CancelAsync().ConfigureAwait(false);
                await changed.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                return true;
            }

            await changed.ConfigureAwait(false);
            var standing = await tree.LookAsync(cancellationToken).ConfigureAwait(false);
            if (!standing.Waits.OfType<OpenWait.Answer>().Any(open => open.Run == question.Run && open.Question.Task == question.Question.Task))
            {
                return false;
            }
        }
    }
}
