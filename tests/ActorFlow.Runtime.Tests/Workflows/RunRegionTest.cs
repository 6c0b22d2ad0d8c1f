using ActorFlow.Core.Definitions;
using ActorFlow.Core.Workflows;
using ActorFlow.Runtime.Workflows;
using ActorFlow.TestSupport;
using ActorFlow.TestSupport.Tasks;
using Akka.Actor;

namespace ActorFlow.Runtime.Tests.Workflows;

/// <summary>Several runs that send each other messages, in virtual time.</summary>
public abstract class RunRegionTest : WorkflowActorTest
{
    protected RunTraffic Traffic { get; } = new();

    protected IActorRef Runs { get; private set; } = ActorRefs.Nobody;

    /// <summary>A region with workers; what has a name in the store of definitions is found by it.</summary>
    protected void Open()
    {
        var workers = Sys.ActorOf(Props.Create(() => new Forwarder()));
        var equip = Equip;
        Equip = services => equip(services with { Queues = workers });
        Runs = Sys.ActorOf(Props.Create(() => new RunRegion(Traffic, runs => Services(runs))));
        workers.Tell(Sys.ActorOf(Props.Create(() => new Workers(Traffic, Runs))));
    }

    protected static TaskDefinition Uses(string id, params string[] needs) => new()
    {
        Id = id,
        Kind = new TaskKind.Uses(TaskRecorder.HandlerName, Payload.FromString(id)),
        Needs = [.. needs.Select(need => new Need(need, null))],
    };

    protected static TaskDefinition Child(string id, string name, ParentClose close = ParentClose.Cancel) =>
        new() { Id = id, Kind = new TaskKind.Child(name, null, Payload.FromString("in"), close) };

    private protected async Task<WorkflowCommand.Start> StartOfAsync(string id, WorkflowDefinition definition, params WorkflowDefinition[] companions)
    {
        await Plans.KeepAsync(definition);
        foreach (var companion in companions)
        {
            await Plans.KeepAsync(companion);
        }

        return new(id, Guid.CreateVersion7(), Guid.CreateVersion7(), definition.ToReference(), Payload.Null)
        {
            Companions = [.. companions.Select(companion => companion.ToReference())],
        };
    }

    protected async Task StartAsync(string id, WorkflowDefinition definition, params WorkflowDefinition[] companions)
    {
        await AskAsync<WorkflowReply.Accepted>(await StartOfAsync(id, definition, companions));
    }

    /// <summary>Asks until there is an answer: anything may be lost.</summary>
    private protected async Task<TReply> AskAsync<TReply>(object message)
        where TReply : WorkflowReply
    {
        TReply? reply = null;
        await Eventually.HoldsAsync(
            async () =>
            {
                try
                {
                    var answer = await Runs.Ask<WorkflowReply>(message, TimeSpan.FromSeconds(2));
                    reply = answer as TReply ?? throw new InvalidOperationException($"{answer}");
                }
                catch (AskTimeoutException)
                {
                }

                return reply is not null;
            },
            "an answer");
        return reply!;
    }

    /// <summary>Lets virtual time pass, a second at a time, until something is so.</summary>
    protected Task UntilAsync(Func<bool> holds, string what) => Eventually.HoldsAsync(
        () =>
        {
            if (!holds())
            {
                Advance(TimeSpan.FromSeconds(1));
            }

            return holds();
        },
        what);

    protected Task UntilEndedAsync(params string[] ids) => UntilAsync(() => ids.All(id => EndOf(id) is not null), $"{string.Join(", ", ids)} end");

    private protected IEnumerable<WorkflowEvent> EventsOf(string id) => Journal.RowsOf(id).SelectMany(row => row.Commits).SelectMany(commit => commit.Events);

    /// <summary>The closing event that a run's journal ends with.</summary>
    private protected WorkflowEvent? EndOf(string id) => EventsOf(id).LastOrDefault() is
        WorkflowEvent.Completed or WorkflowEvent.Failed or WorkflowEvent.Cancelled or WorkflowEvent.Terminated
            ? EventsOf(id).Last()
            : null;

    private protected int CountOf<TEvent>(string id)
        where TEvent : WorkflowEvent => EventsOf(id).OfType<TEvent>().Count();

    protected void CrashRun(string id) => Runs.Tell(new RunRegion.Crash(id));

    protected bool IsInMemory(string id) => Runs.Ask<bool>(new RunRegion.IsThere(id), TimeSpan.FromSeconds(20)).Result;

    protected IEnumerable<string> ExecutedOf(string id) => Traffic.Executed.Where(one => one.Run == id).Select(one => one.Path);

    /// <summary>Knows the workers once there are any: regions and workers know each other.</summary>
    private sealed class Forwarder : UntypedActor
    {
        private IActorRef? _next;

        protected override void OnReceive(object message)
        {
            if (message is IActorRef next)
            {
                _next = next;
            }
            else
            {
                _next!.Forward(message);
            }
        }
    }
}
