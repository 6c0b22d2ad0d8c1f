using System.CommandLine;
using System.Globalization;
using ActorFlow.Shell.Nodes;
using ActorFlow.Shell.Records;

namespace ActorFlow.Shell.Workflows;

/// <summary>The verbs that read runs: <c>list</c>, <c>count</c>, <c>show</c>, <c>history</c>, <c>watch</c>, <c>result</c> and <c>checkpoints</c>.</summary>
internal static class ReadingVerbs
{
    private const int Page = 1_000;
    private const int DefaultLimit = 100;

    /// <summary>The verbs.</summary>
    public static IEnumerable<Command> Create(NodeTalk talk)
    {
        yield return List(talk);
        yield return Count(talk);
        yield return Show(talk);
        yield return History(talk);
        yield return Watch(talk);
        yield return Result(talk);
        yield return Checkpoints(talk);
    }

    private static Command List(NodeTalk talk)
    {
        var filter = new RunFilter();
        var limit = RecordCommands.Positive("--limit", $"How many at most ({DefaultLimit}).");
        return talk.Verb(
            "list",
            "List runs, the newest first.",
            [.. filter.Symbols, limit],
            async (call, cancellationToken) =>
            {
                var most = call.Parsed.GetValue(limit) ?? DefaultLimit;
                var query = filter.Of(call.Parsed) with { Limit = (int)Math.Min(most, Page) };
                var (found, next) = (new List<WorkflowSummary>(), (string?)null);
                do
                {
                    var page = await call.Client.ListPageAsync(query with { Cursor = next, Limit = (int)Math.Min(most - found.Count, Page) }, cancellationToken).ConfigureAwait(false);
                    found.AddRange(page.Items);
                    next = page.Next;
                }
                while (next is not null && found.Count < most);

                await WriteAsync(call, found).ConfigureAwait(false);
                if (next is not null)
                {
                    await call.Console.Error.WriteLineAsync($"there are more than these {found.Count}; --limit takes a larger number").ConfigureAwait(false);
                }

                return ExitCode.Done;
            },
            "actorflow workflow list",
            "actorflow workflow list --status failed --definition order --since 2h",
            "actorflow workflow list --tag customer=ada -o json");
    }

    private static async Task WriteAsync(NodeCall call, List<WorkflowSummary> runs)
    {
        if (!call.AsJson)
        {
            await SummaryWriter.TableOf(runs).WriteAsync(call.Console.Out).ConfigureAwait(false);
            return;
        }

        foreach (var run in runs)
        {
            await call.Console.Out.WriteLineAsync(SummaryWriter.JsonOf(run).ToString()).ConfigureAwait(false);
        }
    }

    private static Command Count(NodeTalk talk)
    {
        var filter = new RunFilter();
        return talk.Verb(
            "count",
            "Count runs by status.",
            filter.Symbols,
            async (call, cancellationToken) =>
            {
                var counts = await call.Client.CountAsync(filter.Of(call.Parsed), cancellationToken).ConfigureAwait(false);
                var sorted = counts.Where(pair => pair.Value > 0).OrderBy(pair => pair.Key).ToList();
                if (call.AsJson)
                {
                    await call.Console.Out.WriteLineAsync(Payload.Write(writer =>
                    {
                        writer.WriteStartObject();
                        sorted.ForEach(pair => writer.WriteNumber(pair.Key.ToWord(), pair.Value));
                        writer.WriteEndObject();
                    }).ToString()).ConfigureAwait(false);
                    return ExitCode.Done;
                }

                var table = new TextTable("STATUS", "RUNS");
                sorted.ForEach(pair => table.Add(pair.Key.ToWord(), pair.Value.ToString(CultureInfo.InvariantCulture)));
                await table.WriteAsync(call.Console.Out).ConfigureAwait(false);
                return ExitCode.Done;
            },
            "actorflow workflow count",
            "actorflow workflow count --definition order --since 7d -o json");
    }

    private static Command Show(NodeTalk talk)
    {
        var run = RunWords.Run();
        var at = RunWords.Checkpoint("--checkpoint", "Show it as it was at a checkpoint.");
        return talk.Verb(
            "show",
            "Show a run: its status, its tasks, what it waits for, what failed, its output.",
            [run, at],
            async (call, cancellationToken) =>
            {
                var id = call.Parsed.GetRequiredValue(run);
                var description = call.Parsed.GetValue(at) is { } checkpoint
                    ? await call.Client.CheckpointAsync(id, checkpoint, cancellationToken).ConfigureAwait(false)
                    : await call.Client.DescribeAsync(id, cancellationToken).ConfigureAwait(false);
                await new RecordWriter(call.Console, call.AsJson).WriteAsync(description).ConfigureAwait(false);
                return ExitCode.Done;
            },
            "actorflow workflow show order-7",
            "actorflow workflow show order-7 --checkpoint charge",
            "actorflow workflow show order-7 -o json | jq .questions");
    }

    private static Command History(NodeTalk talk)
    {
        var run = RunWords.Run();
        var follow = new Option<bool>("--follow", "-f") { Description = "Go on with what happens, until the run ends." };
        return talk.Verb(
            "history",
            "Show what happened in a run, in order; the number before a line is what --to and --from of other verbs take.",
            [run, follow],
            async (call, cancellationToken) =>
            {
                var id = call.Parsed.GetRequiredValue(run);
                if (call.Parsed.GetValue(follow))
                {
                    return await FollowAsync(call, id, static _ => ExitCode.Done, cancellationToken).ConfigureAwait(false);
                }

                var writer = new RecordWriter(call.Console, call.AsJson);
                var (place, isLast) = (HistoryToken.Start, false);
                while (!isLast)
                {
                    var page = await call.Client.HistoryAsync(id, place, Page, cancellationToken).ConfigureAwait(false);
                    foreach (var line in page.Items)
                    {
                        await writer.WriteAsync(line).ConfigureAwait(false);
                    }

                    (place, isLast) = (page.Next, page.IsLast);
                }

                return ExitCode.Done;
            },
            "actorflow workflow history order-7",
            "actorflow workflow history order-7 --follow -o json");
    }

    private static Command Watch(NodeTalk talk)
    {
        var run = RunWords.Run();
        return talk.Verb(
            "watch",
            "Follow a run from its beginning to its end; the exit code tells how it ended.",
            [run],
            (call, cancellationToken) => FollowAsync(call, call.Parsed.GetRequiredValue(run), RunResults.CodeOf, cancellationToken),
            "actorflow workflow watch order-7");
    }

    /// <summary>Writes the history of a run until it ends.</summary>
    private static Task<int> FollowAsync(NodeCall call, string id, Func<WorkflowStatus, int> codeOf, CancellationToken cancellationToken) => RunResults.UntilInterruptedAsync(
        call,
        id,
        async token =>
        {
            var writer = new RecordWriter(call.Console, call.AsJson);
            await foreach (var line in call.Client.WatchAsync(id, cancellationToken: token).ConfigureAwait(false))
            {
                await writer.WriteAsync(line).ConfigureAwait(false);
                await call.Console.Out.FlushAsync(token).ConfigureAwait(false);
            }

            return codeOf((await call.Client.WaitForResultAsync(id, token).ConfigureAwait(false)).Status);
        },
        cancellationToken);

    private static Command Result(NodeTalk talk)
    {
        var run = RunWords.Run();
        var wait = new Option<bool>("--wait") { Description = "Wait for the end of the run." };
        return talk.Verb(
            "result",
            "Print the output of a run that has ended; the exit code tells how it ended. With -o json: all of its result.",
            [run, wait],
            async (call, cancellationToken) =>
            {
                var id = call.Parsed.GetRequiredValue(run);
                if (call.Parsed.GetValue(wait))
                {
                    return await RunResults.WaitAsync(call, id, cancellationToken).ConfigureAwait(false);
                }

                var result = await call.Client.ResultAsync(id, cancellationToken).ConfigureAwait(false)
                    ?? throw new CommandFailure($"the run {id} has not ended; wait for it with: {call.Line("workflow", "result", id, "--wait")}", ExitCode.Conflict);
                return await RunResults.TellAsync(call, result).ConfigureAwait(false);
            },
            "actorflow workflow result order-7",
            "actorflow workflow result order-7 --wait");
    }

    private static Command Checkpoints(NodeTalk talk)
    {
        var run = RunWords.Run();
        return talk.Verb(
            "checkpoints",
            "List the checkpoints that are kept of a run, newest first.",
            [run],
            async (call, cancellationToken) =>
            {
                var id = call.Parsed.GetRequiredValue(run);
                var all = await call.Client.CheckpointsAsync(id, cancellationToken).ConfigureAwait(false);
                await new RecordWriter(call.Console, call.AsJson).WriteAsync(all, id, call.Line("workflow", "history", id)).ConfigureAwait(false);
                return ExitCode.Done;
            },
            "actorflow workflow checkpoints order-7");
    }
}
