using System.Collections.Immutable;
using ActorFlow.Shell.Runs;

namespace ActorFlow.Shell.Asking;

/// <summary>
/// Asks the person at the terminal the questions of a run, one after another, and ends as soon as the run waits only for
/// answers and signals that the person cannot give.
/// </summary>
/// <param name="node">The node of the run.</param>
/// <param name="tree">The run and its children.</param>
/// <param name="feed">Tells of changes of the run.</param>
/// <param name="prompt">The person at the terminal.</param>
/// <param name="isUnderWay">
/// Whether the run may wait already: then the first look does not wait for a change, which may have been reported before.
/// </param>
internal sealed class PromptLoop(EmbeddedNode node, RunTree tree, ProgressFeed feed, IPrompt prompt, bool isUnderWay = false)
{
    private readonly HashSet<(string Run, string Task)> _told = [];

    /// <summary>Asks the questions of the run until it ends or only outside waits are left.</summary>
    /// <param name="cancellationToken">Cancelled when the run has ended, or is interrupted.</param>
    /// <returns>The waits that are left.</returns>
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
                // A wait that begins from now on sets it again.
                feed.IsWatched = false;
                var standing = await tree.LookAsync(cancellationToken).ConfigureAwait(false);
                feed.IsWatched |= standing.Waits.Length > 0;
                if (prompt.IsAttended && standing.Waits.OfType<OpenWait.Answer>().FirstOrDefault() is { } open)
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
                prompt.Tell(wait);
            }
        }
    }

    private async Task AskAsync(RunQuestion question, CancellationToken cancellationToken)
    {
        string? refusal = null;
        while (true)
        {
            using var closed = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            var answering = prompt.AskAsync(question, refusal, closed.Token);
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
                await node.Client.AnswerAsync(
                    question.Run, question.Question.Task, answer.Value, new() { By = answer.By, Comment = answer.Comment }, cancellationToken: cancellationToken)
                    .ConfigureAwait(false);
                return;
            }
            catch (WorkflowRefusedException refused)
            {
                // If the question is no longer open, the next look does not find it.
                if (refused.Code is not ("invalid-answer" or "payload-too-large" or "limit-exceeded"))
                {
                    return;
                }

                refusal = refused.Message;
            }
        }
    }

    /// <summary>Waits for the answer; false means that the question was closed meanwhile, for example by its timeout.</summary>
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
