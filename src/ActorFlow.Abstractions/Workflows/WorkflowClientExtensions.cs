using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Text.Json.Serialization.Metadata;

namespace ActorFlow;

/// <summary>
/// Inputs, payloads and outputs as .NET objects. The forms that take type information work where code is trimmed or compiled ahead of time; the
/// others convert by System.Text.Json's web conventions.
/// </summary>
public static class WorkflowClientExtensions
{
    /// <summary>Starts a run with an input of a .NET type.</summary>
    /// <inheritdoc cref="IWorkflowClient.StartAsync"/>
    [RequiresUnreferencedCode(Payload.Reflection)]
    [RequiresDynamicCode(Payload.Reflection)]
    [OverloadResolutionPriority(1)]
    public static Task<WorkflowHandle> StartAsync<TInput>(
        this IWorkflowClient client, string definition, TInput input, StartOptions? options = null, CancellationToken cancellationToken = default)
        where TInput : notnull
    {
        ArgumentNullException.ThrowIfNull(client);
        return client.StartAsync(definition, input as Payload ?? Payload.From(input), options, cancellationToken);
    }

    /// <summary>Starts a run with an input of a .NET type.</summary>
    /// <param name="client">The client.</param>
    /// <param name="definition">The name of a registered definition, as <c>order</c> for its newest version or <c>order@3</c>.</param>
    /// <param name="input">The input.</param>
    /// <param name="type">How the input is written.</param>
    /// <param name="options">Id, tags and more; null means the defaults.</param>
    /// <param name="cancellationToken">Ends the waiting; the run may be started nevertheless.</param>
    public static Task<WorkflowHandle> StartAsync<TInput>(
        this IWorkflowClient client, string definition, TInput input, JsonTypeInfo<TInput> type, StartOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(client);
        return client.StartAsync(definition, Payload.From(input, type), options, cancellationToken);
    }

    /// <summary>Sends a signal with a payload of a .NET type.</summary>
    /// <inheritdoc cref="IWorkflowClient.SignalAsync"/>
    [RequiresUnreferencedCode(Payload.Reflection)]
    [RequiresDynamicCode(Payload.Reflection)]
    [OverloadResolutionPriority(1)]
    public static Task SignalAsync<TPayload>(
        this WorkflowHandle run, string name, TPayload payload, string? commandId = null, CancellationToken cancellationToken = default)
        where TPayload : notnull
    {
        ArgumentNullException.ThrowIfNull(run);
        return run.SignalAsync(name, payload as Payload ?? Payload.From(payload), commandId, cancellationToken);
    }

    /// <summary>Sends a signal with a payload of a .NET type.</summary>
    /// <param name="run">The run.</param>
    /// <param name="name">The signal's name.</param>
    /// <param name="payload">Its payload.</param>
    /// <param name="type">How the payload is written.</param>
    /// <param name="commandId">The id of this command; null means a new one.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    public static Task SignalAsync<TPayload>(
        this WorkflowHandle run, string name, TPayload payload, JsonTypeInfo<TPayload> type, string? commandId = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(run);
        return run.SignalAsync(name, Payload.From(payload, type), commandId, cancellationToken);
    }

    /// <summary>Waits until the run has ended, however long that takes, and returns its output.</summary>
    /// <param name="run">The run.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <exception cref="WorkflowFailedException">It failed, or was cancelled or terminated.</exception>
    /// <exception cref="System.Text.Json.JsonException">The output does not fit <typeparamref name="TOutput"/>.</exception>
    [RequiresUnreferencedCode(Payload.Reflection)]
    [RequiresDynamicCode(Payload.Reflection)]
    public static async Task<TOutput?> ResultAsync<TOutput>(this WorkflowHandle run, CancellationToken cancellationToken = default) =>
        (await run.ResultAsync(cancellationToken).ConfigureAwait(false)).To<TOutput>();

    /// <summary>Waits until the run has ended, however long that takes, and returns its output.</summary>
    /// <param name="run">The run.</param>
    /// <param name="type">How the output is read.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <exception cref="WorkflowFailedException">It failed, or was cancelled or terminated.</exception>
    /// <exception cref="System.Text.Json.JsonException">The output does not fit <typeparamref name="TOutput"/>.</exception>
    public static async Task<TOutput?> ResultAsync<TOutput>(this WorkflowHandle run, JsonTypeInfo<TOutput> type, CancellationToken cancellationToken = default) =>
        (await run.ResultAsync(cancellationToken).ConfigureAwait(false)).To(type);

    /// <summary>Waits until the run has ended, however long that takes, and returns its output.</summary>
    /// <param name="run">The run.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <exception cref="WorkflowFailedException">It failed, or was cancelled or terminated.</exception>
    public static async Task<Payload> ResultAsync(this WorkflowHandle run, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(run);
        var result = await run.WaitForResultAsync(cancellationToken).ConfigureAwait(false);
        return result.Output ?? throw new WorkflowFailedException(result);
    }

    /// <summary>Lists the runs that match, page by page, the newest start first.</summary>
    /// <param name="client">The client.</param>
    /// <param name="query">The runs to list; null means all.</param>
    /// <param name="cancellationToken">Ends the list.</param>
    /// <exception cref="InvalidRequestException">A value of the query is out of range.</exception>
    public static async IAsyncEnumerable<WorkflowSummary> ListAsync(
        this IWorkflowClient client, ListQuery? query = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(client);
        var next = query ?? new();
        while (true)
        {
            var page = await client.ListPageAsync(next, cancellationToken).ConfigureAwait(false);
            foreach (var summary in page.Items)
            {
                yield return summary;
            }

            if (page.Next is null)
            {
                yield break;
            }

            next = next with { Cursor = page.Next };
        }
    }
}
