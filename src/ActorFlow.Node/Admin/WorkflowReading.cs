using System.Runtime.CompilerServices;
using ActorFlow.Node.Api;

namespace ActorFlow.Node.Admin;

/// <summary>The commands that read runs, from <c>workflow list</c> to <c>checkpoints</c>.</summary>
internal static class WorkflowReading
{
    private const int Page = 1_000;
    private const int DefaultLimit = 100;

    private static readonly AdminArgument Status = new("--status", AdminKind.Status, "Only runs of this status; it may be given several times.") { IsRepeated = true };
    private static readonly AdminArgument Definition = new("--definition", AdminKind.DefinitionVersion, "Only runs of this definition.");
    private static readonly AdminArgument Tag = new("--tag", AdminKind.Tag, "Only runs with this tag; with several, those that have all.") { IsRepeated = true };
    private static readonly AdminArgument Since = new("--since", AdminKind.Time, "Only runs that began since then: a time, or how long ago (2h, 7d).");
    private static readonly AdminArgument Limit = new("--limit", AdminKind.Number, $"How many at most ({DefaultLimit}).");
    private static readonly AdminArgument Follow = new("--follow", AdminKind.Flag, "Go on with what happens, until the run ends.") { ShortName = "-f" };
    private static readonly AdminArgument Wait = new("--wait", AdminKind.Flag, "Wait for the end of the run.");
    private static readonly AdminArgument Shown = new("--show", AdminKind.Checkpoint, "Show in full what a checkpoint holds: any row of the journal has one.");

    /// <summary>The commands.</summary>
    public static IEnumerable<AdminCommand> Commands =>
    [
        new("workflow", "list", "List runs, the newest first.", ApiRole.Viewer, ListAsync)
        {
            Arguments = [Status, Definition, Tag, Since, Limit],
            Examples = ["", "--status failed --definition order --since 2h", "--tag customer=ada -o json"],
        },
        new("workflow", "count", "Count runs by status.", ApiRole.Viewer, CountAsync)
        {
            Arguments = [Status, Definition, Tag, Since],
            Examples = ["", "--definition order --since 7d -o json"],
        },
        new("workflow", "show", "Show a run: its status, its tasks, what it waits for, what failed, its output.", ApiRole.Viewer, ShowAsync)
        {
            Arguments = [RunArguments.Run],
            Examples = ["order-7", "order-7 -o json | jq .questions"],
        },
        new("workflow", "explain", "Explain why a run does not move, with the commands that help.", ApiRole.Viewer, ExplainAsync)
        {
            Arguments = [RunArguments.Run],
            Examples = ["order-7", "order-7 -o json | jq -r '.reasons[].command'"],
        },
        new("workflow", "history", "Show what happened in a run, in order; the number before a line is what --to and --from of other verbs take.", ApiRole.Viewer, HistoryAsync)
        {
            Arguments = [RunArguments.Run, Follow],
            Examples = ["order-7", "order-7 --follow -o json"],
        },
        new("workflow", "watch", "Follow a run from its beginning to its end; the exit code tells how it ended.", ApiRole.Viewer, WatchAsync)
        {
            Arguments = [RunArguments.Run],
            Examples = ["order-7"],
        },
        new("workflow", "result", "Print the output of a run that has ended; the exit code tells how it ended. With -o json: all of its result.", ApiRole.Viewer, ResultAsync)
        {
            Arguments = [RunArguments.Run, Wait],
            Examples = ["order-7", "order-7 --wait"],
        },
        new("workflow", "checkpoints", "List the checkpoints that are kept of a run, newest first, or show one.", ApiRole.Viewer, CheckpointsAsync)
        {
            Arguments = [RunArguments.Run, Shown],
            Examples = ["order-7", "order-7 --show charge"],
        },
    ];

    /// <summary>Waits for the end of a run, and answers how it ended.</summary>
    public static async IAsyncEnumerable<AdminAnswer> EndAsync(AdminCall call, string id, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        yield return new AdminAnswer.Waiting(id);
        foreach (var answer in Ended(await call.Client.WaitForResultAsync(id, cancellationToken).ConfigureAwait(false)))
        {
            yield return answer;
        }
    }

    private static async IAsyncEnumerable<AdminAnswer> ListAsync(AdminCall call, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var (left, query, next) = (call.Number(Limit) ?? DefaultLimit, QueryOf(call), (string?)null);
        do
        {
            var page = await call.Client.ListPageAsync(query with { Cursor = next, Limit = Math.Min(left, Page) }, cancellationToken).ConfigureAwait(false);
            foreach (var run in page.Items)
            {
                yield return new AdminAnswer.Run(run);
            }

            (next, left) = (page.Next, left - page.Items.Length);
        }
        while (next is not null && left > 0);

        if (next is not null)
        {
            yield return new AdminAnswer.Note($"there are more than these {call.Number(Limit) ?? DefaultLimit}; --limit takes a larger number");
        }
    }

    private static async IAsyncEnumerable<AdminAnswer> CountAsync(AdminCall call, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        yield return new AdminAnswer.Counts(await call.Client.CountAsync(QueryOf(call), cancellationToken).ConfigureAwait(false));
    }

    private static async IAsyncEnumerable<AdminAnswer> ShowAsync(AdminCall call, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        yield return new AdminAnswer.Description(await call.Client.DescribeAsync(call.Required(RunArguments.Run), cancellationToken).ConfigureAwait(false));
    }

    private static async IAsyncEnumerable<AdminAnswer> ExplainAsync(AdminCall call, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        yield return new AdminAnswer.Explanation(await call.Client.ExplainAsync(call.Required(RunArguments.Run), cancellationToken).ConfigureAwait(false));
    }

    private static async IAsyncEnumerable<AdminAnswer> HistoryAsync(AdminCall call, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var id = call.Required(RunArguments.Run);
        if (call.Has(Follow))
        {
            yield return new AdminAnswer.Waiting(id);
            await foreach (var line in call.Client.WatchAsync(id, cancellationToken: cancellationToken).ConfigureAwait(false))
            {
                yield return new AdminAnswer.Event(line);
            }

            yield break;
        }

        HistoryPage page;
        var place = HistoryToken.Start;
        do
        {
            page = await call.Client.HistoryAsync(id, place, Page, cancellationToken).ConfigureAwait(false);
            foreach (var line in page.Items)
            {
                yield return new AdminAnswer.Event(line);
            }

            place = page.Next;
        }
        while (!page.IsLast);
    }

    private static async IAsyncEnumerable<AdminAnswer> WatchAsync(AdminCall call, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var id = call.Required(RunArguments.Run);
        yield return new AdminAnswer.Waiting(id);
        await foreach (var line in call.Client.WatchAsync(id, cancellationToken: cancellationToken).ConfigureAwait(false))
        {
            yield return new AdminAnswer.Event(line);
        }

        if ((await call.Client.WaitForResultAsync(id, cancellationToken).ConfigureAwait(false)).Status != WorkflowStatus.Completed)
        {
            yield return AdminAnswer.Unsuccessful.AboutRun;
        }
    }

    private static async IAsyncEnumerable<AdminAnswer> ResultAsync(AdminCall call, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var id = call.Required(RunArguments.Run);
        if (call.Has(Wait))
        {
            await foreach (var answer in EndAsync(call, id, cancellationToken).ConfigureAwait(false))
            {
                yield return answer;
            }

            yield break;
        }

        var result = await call.Client.ResultAsync(id, cancellationToken).ConfigureAwait(false)
            ?? throw new AdminRefusedException("not-closed", $"the run {id} has not ended; wait for it with", call.Host.Line("workflow", "result", id, "--wait"));
        foreach (var answer in Ended(result))
        {
            yield return answer;
        }
    }

    private static async IAsyncEnumerable<AdminAnswer> CheckpointsAsync(AdminCall call, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var id = call.Required(RunArguments.Run);
        if (call.Text(Shown) is { } checkpoint)
        {
            yield return new AdminAnswer.Description(await call.Client.CheckpointAsync(id, checkpoint, cancellationToken).ConfigureAwait(false));
            yield break;
        }

        var all = await call.Client.CheckpointsAsync(id, cancellationToken).ConfigureAwait(false);
        foreach (var one in all)
        {
            yield return new AdminAnswer.Checkpoint(one);
        }

        if (all.IsEmpty)
        {
            yield return new AdminAnswer.Note($"the run {id} keeps no checkpoint; '{call.Host.Line("workflow", "history", id)}' lists the points that it can be taken back to");
        }
    }

    private static IEnumerable<AdminAnswer> Ended(WorkflowResult result)
    {
        yield return new AdminAnswer.Ended(result);
        if (result.Status != WorkflowStatus.Completed)
        {
            yield return AdminAnswer.Unsuccessful.AboutRun;
        }
    }

    private static ListQuery QueryOf(AdminCall call) => new()
    {
        Status = [.. call.All(Status).Select(word => WorkflowStatuses.FromWord(word)!.Value).Distinct()],
        Definition = call.Text(Definition),
        Tags = call.Tags(Tag),
        Since = call.Time(Since),
    };
}
