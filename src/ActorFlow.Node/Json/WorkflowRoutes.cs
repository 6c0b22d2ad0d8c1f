using ActorFlow.Node.Api;
using Microsoft.AspNetCore.Http;

namespace ActorFlow.Node.Json;

/// <summary>The operations on runs as JSON.</summary>
/// <param name="api">Does them.</param>
/// <param name="time">The clock of streams and delayed starts.</param>
internal sealed class WorkflowRoutes(WorkflowApi api, TimeProvider time)
{
    private const string Workflows = "/workflows";
    private const string Run = "/workflows/{id}";

    private static readonly JsonParameter Wait = new("wait", "How long to wait for the end: a duration of at most 60s. Absent means not at all.");

    private static readonly JsonParameter[] Filter =
    [
        new("status", "The status of the runs. Repeated means any of them.", IsRepeated: true),
        new("definition", "Their definition, as order or order@3."),
        new("tag", "A tag that they have, as key:value. Repeated means all of them, at most 10.", IsRepeated: true),
        new("since", "They were started at this time or later (RFC 3339, with an offset)."),
        new("until", "They were started before this time (RFC 3339, with an offset)."),
        new("parent", "The id of their parent."),
        new("text", "A text that occurs in their id, definition, failure or a tag's value, without regard to case."),
    ];

    private static readonly JsonField Reason = new("reason", "Why, for people.");

    /// <summary>All of them.</summary>
    public IEnumerable<JsonRoute> All =>
    [
        new("POST", Workflows, "Workflows.Start", "Starts a run.", ApiRole.Operator, StartAsync)
        {
            IsCommand = true,
            Body = JsonBody.Of(
                new("definition", "The name of a registered definition, as order for its newest version or order@3.", IsRequired: true),
                new("id", "The id of the run: 1 to 200 of [A-Za-z0-9._~-]. Absent means that it follows from the command id, or is made up."),
                new("input", "The input. Absent means the empty object.", "any"),
                new("tags", "The tags of the run: texts by name.", "object"),
                new("delay", "How long the run waits before its first task begins: a duration of at most 3650d. Absent means not at all. At most one of this and startAt is given."),
                new("startAt", "When its first task begins (RFC 3339, with an offset), at most 3,650 days ahead; a time that has passed means at once. Absent means at once."),
                new("wait", "How long to wait for the result: a duration of at most 60s. Absent means not at all.")),
            Answers = [(201, typeof(StartAnswer)), (200, typeof(StartAnswer))],
        },
        new("GET", Workflows, "Workflows.List", "Lists runs, the newest start first.", ApiRole.Viewer, ListAsync)
        {
            Parameters =
            [
                .. Filter,
                new("limit", "How many runs a page holds, 1 to 1000. The default is 100.", "integer"),
                new("cursor", "The field next of the page before."),
            ],
            Answers = [(200, typeof(ListAnswer))],
        },
        new("GET", "/workflow-counts", "Workflows.Count", "Counts runs by status.", ApiRole.Viewer, CountAsync)
        {
            Parameters = Filter,
            Answers = [(200, typeof(CountAnswer))],
        },
        new("GET", Run, "Workflows.Get", "Describes a run as it is now: its tasks, and what it waits for.", ApiRole.Viewer, GetAsync)
        {
            Answers = [(200, typeof(WorkflowDescription))],
        },
        new("GET", Run + "/explanation", "Workflows.Explain", "Explains why a run does not move, with the commands that help.", ApiRole.Viewer, ExplainAsync)
        {
            Answers = [(200, typeof(WorkflowExplanation))],
        },
        new("GET", Run + "/result", "Workflows.Result", "Reads how a run ended; 202 while it is open.", ApiRole.Viewer, ResultAsync)
        {
            Parameters = [Wait],
            Answers = [(200, typeof(ResultAnswer)), (202, typeof(OpenAnswer))],
        },
        new("GET", Run + "/history", "Workflows.History", "Reads a page of a run's history.", ApiRole.Viewer, HistoryAsync)
        {
            Parameters =
            [
                new("from", "The place behind which the page begins: the token of an event, or the field next of the page before."),
                new("limit", "How many events a page holds at most, 1 to 1000; those of one journal row are not split. The default is 100.", "integer"),
            ],
            Answers = [(200, typeof(HistoryAnswer))],
        },
        new("GET", Run + "/events", "Workflows.Watch", "Follows a run as server-sent events; the header Last-Event-ID resumes. 204 where nothing can follow.", ApiRole.Viewer, WatchAsync)
        {
            Parameters = [new("from", "The place behind which the stream begins, if there is no header Last-Event-ID.")],
            Answers = [(200, typeof(HistoryEvent)), (204, null)],
            AnswerType = "text/event-stream",
        },
        new("GET", "/events", "Workflows.WatchAll", "Follows changes of runs, from now on, as server-sent events; a slow reader misses some, which are counted.", ApiRole.Viewer, WatchAllAsync)
        {
            Parameters = [.. Filter.Where(parameter => parameter.Name is "status" or "definition" or "tag" or "parent")],
            Answers = [(200, typeof(WorkflowChange))],
            AnswerType = "text/event-stream",
        },
        new("POST", Run + "/signals/{name}", "Workflows.Signal", "Sends a signal; the body is its payload, none means null.", ApiRole.Operator, SignalAsync)
        {
            IsCommand = true,
            Body = new(["application/json"]),
        },
        new("POST", Run + "/answers", "Workflows.Answer", "Answers a question.", ApiRole.Operator, AnswerAsync)
        {
            IsCommand = true,
            Body = JsonBody.Of(
                new("task", "The path of the task that asks; the iteration of a loop may be left out.", IsRequired: true),
                new("value", "The answer.", "any", IsRequired: true),
                new("comment", "A comment."),
                new("claimedBy", "Who the caller says that it answers for.")),
        },
        new("POST", Run + "/answers/{task}", "Workflows.AnswerTask", "Answers the question of a task with a plain id.", ApiRole.Operator, AnswerTaskAsync)
        {
            IsCommand = true,
            Body = JsonBody.Of(
                new("value", "The answer.", "any", IsRequired: true),
                new("comment", "A comment."),
                new("claimedBy", "Who the caller says that it answers for.")),
        },
        Verb("pause", "Workflows.Pause", "Pauses a run: nothing new starts.", call => api.PauseAsync(call.Caller, call.Id, call.CommandId, call.Aborted)),
        Verb("resume", "Workflows.Resume", "Ends a pause.", call => api.ResumeAsync(call.Caller, call.Id, call.CommandId, call.Aborted)),
        Verb(
            "cancel", "Workflows.Cancel", "Ends a run in good order.", [Reason], fields => fields.Text("reason"),
            (call, reason) => api.CancelAsync(call.Caller, call.Id, reason ?? string.Empty, call.CommandId, call.Aborted)),
        Verb(
            "terminate", "Workflows.Terminate", "Ends a run at once.", [Reason], fields => fields.Text("reason"),
            (call, reason) => api.TerminateAsync(call.Caller, call.Id, reason ?? string.Empty, call.CommandId, call.Aborted)),
        Verb(
            "retry", "Workflows.Retry", "Opens a run that has ended.",
            [new("from", "The task that runs again, with everything downstream of it. Absent means that only failed tasks run again.")],
            fields => fields.Text("from"),
            (call, from) => api.RetryAsync(call.Caller, call.Id, from, call.CommandId, call.Aborted)),
        Verb(
            "rewind", "Workflows.Rewind", "Takes a run back to a checkpoint.",
            [new("to", "The checkpoint's name, or its number as #12.", IsRequired: true)],
            fields => fields.RequiredText("to"),
            (call, to) => api.RewindAsync(call.Caller, call.Id, to, call.CommandId, call.Aborted)),
        new("POST", Run + "/fork", "Workflows.Fork", "Starts a new run from a checkpoint of another.", ApiRole.Operator, ForkAsync)
        {
            IsCommand = true,
            Body = JsonBody.Of(
                new("from", "The checkpoint's name, or its number as #12. Absent means the newest that is kept."),
                new("id", "The id of the new run. Absent means that it follows from the command id, or is made up."),
                new("input", "The input of the new run. Absent means that of the old one.", "any")),
            Answers = [(201, typeof(StartAnswer)), (200, typeof(StartAnswer))],
        },
        new("GET", Run + "/checkpoints", "Workflows.Checkpoints", "Lists the checkpoints that are kept of a run, newest first.", ApiRole.Viewer, CheckpointsAsync)
        {
            Answers = [(200, typeof(ItemList<CheckpointSummary>))],
        },
        new("GET", Run + "/checkpoints/{checkpoint}", "Workflows.Checkpoint", "Describes a run as it was at a checkpoint, by its name or number.", ApiRole.Viewer, CheckpointAsync)
        {
            Answers = [(200, typeof(WorkflowDescription))],
        },
        Verb(
            "checkpoints", "Workflows.TakeCheckpoint", "Takes a checkpoint under a name.",
            [new("name", "The name, 1 to 200 characters.", IsRequired: true)],
            fields => fields.RequiredText("name"),
            (call, name) => api.TakeCheckpointAsync(call.Caller, call.Id, name, call.CommandId, call.Aborted)),
        new("DELETE", Run, "Workflows.Purge", "Deletes a run that has ended.", ApiRole.Admin, PurgeAsync) { IsCommand = true },
    ];

    private static JsonRoute Verb(string verb, string name, string summary, Func<JsonCall, Task> handle) =>
        Verb(verb, name, summary, [], static _ => true, (call, _) => handle(call));

    private static JsonRoute Verb<T>(
        string verb, string name, string summary, JsonField[] body, Func<JsonFields, T> read, Func<JsonCall, T, Task> handle) => new(
        "POST", $"{Run}/{verb}", name, summary, ApiRole.Operator, async call =>
        {
            T argument;
            using (var fields = await call.FieldsAsync().ConfigureAwait(false))
            {
                argument = read(fields);
                fields.End();
            }

            _ = call.Id;
            call.EndQuery();
            await handle(call, argument).ConfigureAwait(false);
            call.Accept();
        })
        {
            IsCommand = true,
            Body = JsonBody.Of(body),
        };

    private async Task StartAsync(JsonCall call)
    {
        call.EndQuery();
        string definition;
        Payload? input;
        TimeSpan? wait;
        StartOptions options;
        using (var fields = await call.FieldsAsync().ConfigureAwait(false))
        {
            (definition, input, wait) = (fields.RequiredText("definition"), fields.Value("input"), fields.Duration("wait"));
            options = new()
            {
                Id = fields.Text("id"),
                Tags = fields.Texts("tags"),
                CommandId = call.CommandId,
                Delay = fields.Duration("delay"),
                StartAt = fields.Time("startAt"),
            };
            fields.End();
        }

        var (run, result) = await api.StartAsync(call.Caller, definition, input, options, wait, call.Aborted).ConfigureAwait(false);
        await AnswerAsync(call, run, result).ConfigureAwait(false);
    }

    private static Task AnswerAsync(JsonCall call, WorkflowHandle run, WorkflowResult? result)
    {
        var answer = new StartAnswer(
            run.Id, run.Started?.RunId, run.Started?.Definition, run.Started?.Version, result is null ? null : ResultAnswer.Of(result));
        return call.AnswerAsync(
            answer, ApiJson.Default.StartAnswer, run.Started is { Created: false } ? StatusCodes.Status200OK : StatusCodes.Status201Created);
    }

    private static ListQuery QueryOf(JsonCall call, bool hasPages) => new()
    {
        Status = [.. call.All("status").Select(StatusOf)],
        Definition = call.Query("definition"),
        Tags = TagsOf(call),
        Since = call.Time("since"),
        Until = call.Time("until"),
        Parent = call.Query("parent"),
        Text = call.Query("text"),
        Limit = hasPages ? call.Number("limit", 100) : 100,
        Cursor = hasPages ? call.Query("cursor") : null,
    };

    private static Dictionary<string, string> TagsOf(JsonCall call)
    {
        var tags = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var tag in call.All("tag"))
        {
            var colon = tag.IndexOf(':', StringComparison.Ordinal);
            if (colon < 1 || !tags.TryAdd(tag[..colon], tag[(colon + 1)..]))
            {
                throw Wrong(colon < 1 ? "The parameter tag must be key:value." : "The parameter tag names a key twice.");
            }
        }

        return tags;
    }

    private static WorkflowStatus StatusOf(string word) => WorkflowStatuses.FromWord(word)
        ?? throw Wrong($"The parameter status must be one of {string.Join(", ", Enum.GetValues<WorkflowStatus>().Select(status => status.ToWord()))}.");

    private async Task ListAsync(JsonCall call)
    {
        var query = QueryOf(call, hasPages: true);
        call.EndQuery();
        var page = await api.ListAsync(call.Caller, query, call.Aborted).ConfigureAwait(false);
        await call.AnswerAsync(new(page.Items, page.Next, page.AsOf), ApiJson.Default.ListAnswer).ConfigureAwait(false);
    }

    private async Task CountAsync(JsonCall call)
    {
        var query = QueryOf(call, hasPages: false);
        call.EndQuery();
        var counts = await api.CountAsync(call.Caller, query, call.Aborted).ConfigureAwait(false);
        var byWord = new SortedDictionary<string, long>(counts.ToDictionary(count => count.Key.ToWord(), count => count.Value), StringComparer.Ordinal);
        await call.AnswerAsync(new(byWord, counts.Values.Sum()), ApiJson.Default.CountAnswer).ConfigureAwait(false);
    }

    private async Task GetAsync(JsonCall call)
    {
        var id = call.Id;
        call.EndQuery();
        await call.AnswerAsync(
            await api.GetAsync(call.Caller, id, call.Aborted).ConfigureAwait(false), ApiJson.Default.WorkflowDescription).ConfigureAwait(false);
    }

    private async Task ExplainAsync(JsonCall call)
    {
        var id = call.Id;
        call.EndQuery();
        await call.AnswerAsync(
            await api.ExplainAsync(call.Caller, id, call.Aborted).ConfigureAwait(false), ApiJson.Default.WorkflowExplanation).ConfigureAwait(false);
    }

    private async Task ResultAsync(JsonCall call)
    {
        var (id, wait) = (call.Id, call.Duration("wait"));
        call.EndQuery();
        if (await api.ResultAsync(call.Caller, id, wait, call.Aborted).ConfigureAwait(false) is { } result)
        {
            await call.AnswerAsync(ResultAnswer.Of(result), ApiJson.Default.ResultAnswer).ConfigureAwait(false);
        }
        else
        {
            await call.AnswerAsync(new(id), ApiJson.Default.OpenAnswer, StatusCodes.Status202Accepted).ConfigureAwait(false);
        }
    }

    private async Task HistoryAsync(JsonCall call)
    {
        var (id, from, limit) = (call.Id, PlaceOf(call.Query("from")), call.Number("limit", 100));
        call.EndQuery();
        var page = await api.HistoryAsync(call.Caller, id, from, limit, call.Aborted).ConfigureAwait(false);
        await call.AnswerAsync(new(page.Items, page.Next, page.IsLast), ApiJson.Default.HistoryAnswer).ConfigureAwait(false);
    }

    private static HistoryToken PlaceOf(string? token) => token is null ? HistoryToken.Start
        : HistoryToken.TryParse(token, out var place) ? place
        : throw Wrong("from must be a place of a history, written runId.row.index.");

    private async Task WatchAsync(JsonCall call)
    {
        var id = call.Id;
        var given = call.Query("from");
        var resumed = call.Context.Request.Headers["Last-Event-ID"] is [{ Length: > 0 } last] ? last : null;
        var from = PlaceOf(resumed ?? given);
        call.EndQuery();

        var caller = call.Caller;
        if (await api.ResultAsync(caller, id, null, call.Aborted).ConfigureAwait(false) is not null
            && await HasNothingBehindAsync(caller, id, from, call.Aborted).ConfigureAwait(false))
        {
            // It stops an EventSource for good, which would connect again for ever (failure rule 73).
            call.Accept();
            return;
        }

        var stream = new EventStream(call.Context, time);
        while (await FollowAsync(stream, call, caller, id, from).ConfigureAwait(false) is { } gone)
        {
            if (!await ExistsAsync(caller, id, call.Aborted).ConfigureAwait(false))
            {
                await stream.SendAsync(
                    new("about:blank", "Gone", StatusCodes.Status410Gone, gone.Message, "gone"), ApiJson.Default.ProblemAnswer, name: "gone").ConfigureAwait(false);
                return;
            }

            // The id was used again (failure rule 72).
            await stream.SendAsync(new("The place is of an earlier run of this id.", from), ApiJson.Default.ResetNotice, name: "reset").ConfigureAwait(false);
            from = HistoryToken.Start;
        }
    }

    /// <summary>Follows a run to its end; what it returns is why it cannot be followed any further.</summary>
    private async Task<NotFoundException?> FollowAsync(EventStream stream, JsonCall call, ApiCaller caller, string id, HistoryToken from)
    {
        var items = api.WatchAsync(caller, id, from, call.Aborted).GetAsyncEnumerator(call.Aborted);
        await using (items.ConfigureAwait(false))
        {
            try
            {
                await stream.CopyAsync(items, item => stream.SendAsync(item, ApiJson.Default.HistoryEvent, item.Token.ToString())).ConfigureAwait(false);
                return null;
            }
            catch (NotFoundException gone) when (call.Context.Response.HasStarted)
            {
                return gone;
            }
        }
    }

    private async Task<bool> HasNothingBehindAsync(ApiCaller caller, string id, HistoryToken from, CancellationToken cancellationToken)
    {
        try
        {
            return from != HistoryToken.Start && (await api.HistoryAsync(caller, id, from, 1, cancellationToken).ConfigureAwait(false)).Items.IsEmpty;
        }
        catch (NotFoundException)
        {
            // The place is of another run of that id.
            return false;
        }
    }

    private async Task<bool> ExistsAsync(ApiCaller caller, string id, CancellationToken cancellationToken)
    {
        try
        {
            await api.ResultAsync(caller, id, null, cancellationToken).ConfigureAwait(false);
            return true;
        }
        catch (NotFoundException)
        {
            return false;
        }
    }

    private async Task WatchAllAsync(JsonCall call)
    {
        var filter = new WatchFilter
        {
            Status = [.. call.All("status").Select(StatusOf)],
            Definition = call.Query("definition"),
            Tags = TagsOf(call),
            Parent = call.Query("parent"),
        };
        call.EndQuery();
        var items = api.WatchAllAsync(call.Caller, filter, call.Aborted).GetAsyncEnumerator(call.Aborted);
        await using (items.ConfigureAwait(false))
        {
            var stream = new EventStream(call.Context, time);
            await stream.CopyAsync(items, item => stream.SendAsync(item, ApiJson.Default.WorkflowChange)).ConfigureAwait(false);
        }
    }

    private async Task SignalAsync(JsonCall call)
    {
        var (id, name) = (call.Id, call.Part("name"));
        call.EndQuery();
        var payload = await RequestBody.ReadAsync(call.Context, "application/json").ConfigureAwait(false) is { } body
            ? ApiPayload.Read(body.Span, "The body")
            : Payload.Null;
        await api.SignalAsync(call.Caller, id, name, payload, call.CommandId, call.Aborted).ConfigureAwait(false);
        call.Accept();
    }

    private Task AnswerAsync(JsonCall call) => AnswerAsync(call, fields => fields.RequiredText("task"));

    private Task AnswerTaskAsync(JsonCall call) => AnswerAsync(call, _ => call.Part("task"));

    private async Task AnswerAsync(JsonCall call, Func<JsonFields, string> taskOf)
    {
        var id = call.Id;
        call.EndQuery();
        string task;
        Payload value;
        string? comment, claimedBy;
        using (var fields = await call.FieldsAsync().ConfigureAwait(false))
        {
            task = taskOf(fields);
            value = fields.Value("value") ?? throw Wrong("value is missing: an answer is a JSON value.");
            (comment, claimedBy) = (fields.Text("comment"), fields.Text("claimedBy"));
            fields.End();
        }

        await api.AnswerAsync(call.Caller, id, task, value, comment, claimedBy, call.CommandId, call.Aborted).ConfigureAwait(false);
        call.Accept();
    }

    private async Task ForkAsync(JsonCall call)
    {
        var id = call.Id;
        call.EndQuery();
        ForkOptions options;
        using (var fields = await call.FieldsAsync().ConfigureAwait(false))
        {
            options = new() { From = fields.Text("from"), Id = fields.Text("id"), Input = fields.Value("input"), CommandId = call.CommandId };
            fields.End();
        }

        await AnswerAsync(call, await api.ForkAsync(call.Caller, id, options, call.Aborted).ConfigureAwait(false), null).ConfigureAwait(false);
    }

    private async Task CheckpointsAsync(JsonCall call)
    {
        var id = call.Id;
        call.EndQuery();
        await call.AnswerAsync(
            new(await api.CheckpointsAsync(call.Caller, id, call.Aborted).ConfigureAwait(false)), ApiJson.Default.ItemListCheckpointSummary).ConfigureAwait(false);
    }

    private async Task CheckpointAsync(JsonCall call)
    {
        var (id, checkpoint) = (call.Id, call.Part("checkpoint"));
        call.EndQuery();
        await call.AnswerAsync(
            await api.CheckpointAsync(call.Caller, id, checkpoint, call.Aborted).ConfigureAwait(false), ApiJson.Default.WorkflowDescription).ConfigureAwait(false);
    }

    private async Task PurgeAsync(JsonCall call)
    {
        var id = call.Id;
        call.EndQuery();
        await api.PurgeAsync(call.Caller, id, call.CommandId, call.Aborted).ConfigureAwait(false);
        call.Accept();
    }

    private static WorkflowRefusedException Wrong(string reason) => WorkflowRefusedException.Of("invalid-request", reason);
}
