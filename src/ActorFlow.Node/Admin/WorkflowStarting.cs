using System.Runtime.CompilerServices;
using ActorFlow.Node.Api;

namespace ActorFlow.Node.Admin;

/// <summary><c>workflow start</c> and <c>fork</c>: they begin runs.</summary>
internal static class WorkflowStarting
{
    private static readonly AdminArgument Input = new("--input", AdminKind.Json, "The input: JSON, @file, or - for standard input.");
    private static readonly AdminArgument Tag = new("--tag", AdminKind.Tag, "A tag of the run; it may be given several times.") { IsRepeated = true };
    private static readonly AdminArgument Wait = new("--wait", AdminKind.Flag, "Wait for its end, and print its output.");
    private static readonly AdminArgument Delay = new("--delay", AdminKind.Duration, "How long it waits before its first task begins.");
    private static readonly AdminArgument From = new("--from", AdminKind.Checkpoint, "The checkpoint (the newest).");

    /// <summary>The commands.</summary>
    public static IEnumerable<AdminCommand> Commands =>
    [
        new("workflow", "start", "Start a run of a registered definition; an id that is in use by the same run starts none.", ApiRole.Operator, StartAsync)
        {
            Arguments = [RunArguments.Definition, Input, RunArguments.NewId, Tag, Delay, Wait],
            Examples = ["order --input '{\"orderId\": 7}'", "order@2 --id order-7 --tag customer=ada --wait"],
        },
        new("workflow", "fork", "Begin a new run at a checkpoint of another, which stays as it is.", ApiRole.Operator, ForkAsync)
        {
            Arguments = [RunArguments.Run, From, Input, RunArguments.NewId, Wait],
            Examples = ["order-7", "order-7 --from charge --input '{\"orderId\": 8}' --id order-8"],
        },
    ];

    private static async IAsyncEnumerable<AdminAnswer> StartAsync(AdminCall call, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var options = new StartOptions { Id = call.Text(RunArguments.NewId), Tags = call.Tags(Tag), Delay = call.Duration(Delay) };
        var input = await call.JsonAsync(Input, cancellationToken).ConfigureAwait(false);
        var run = await call.Client.StartAsync(call.Required(RunArguments.Definition), input, options, cancellationToken).ConfigureAwait(false);
        await foreach (var answer in BegunAsync(call, run, cancellationToken).ConfigureAwait(false))
        {
            yield return answer;
        }
    }

    private static async IAsyncEnumerable<AdminAnswer> ForkAsync(AdminCall call, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var options = new ForkOptions
        {
            From = call.Text(From),
            Input = await call.JsonAsync(Input, cancellationToken).ConfigureAwait(false),
            Id = call.Text(RunArguments.NewId),
        };
        var run = await call.Client.ForkAsync(call.Required(RunArguments.Run), options, cancellationToken).ConfigureAwait(false);
        await foreach (var answer in BegunAsync(call, run, cancellationToken).ConfigureAwait(false))
        {
            yield return answer;
        }
    }

    private static async IAsyncEnumerable<AdminAnswer> BegunAsync(AdminCall call, WorkflowHandle run, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (call.Has(Wait))
        {
            // Whoever reads that it began may leave at once.
            yield return new AdminAnswer.Waiting(run.Id);
        }

        yield return new AdminAnswer.Started(run, IsAll: !call.Has(Wait));
        if (call.Has(Wait))
        {
            await foreach (var answer in WorkflowReading.EndAsync(call, run.Id, cancellationToken).ConfigureAwait(false))
            {
                yield return answer;
            }
        }
    }
}
