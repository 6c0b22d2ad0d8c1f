using System.Collections.Immutable;
using ActorFlow.Core.Definitions;
using ActorFlow.Runtime.Definitions;
using ActorFlow.Runtime.Persistence;

namespace ActorFlow.Runtime.Client;

/// <summary>Registers and reads definitions from within the process of a node.</summary>
/// <param name="catalog">The registry.</param>
/// <param name="store">The content of definitions.</param>
internal sealed class LocalDefinitionClient(DefinitionCatalog catalog, IDefinitionStore store) : IDefinitionClient
{
    // In messages; a file of its own name is the caller's.
    private const string FileName = "definition";

    /// <inheritdoc/>
    public Task<ImmutableArray<RegisteredDefinition>> RegisterAsync(string content, CancellationToken cancellationToken = default) => ClientFaults.NameAsync(async () =>
    {
        ArgumentNullException.ThrowIfNull(content);
        var read = DefinitionReader.Read(content, FileName);
        if (!read.IsValid)
        {
            throw new DefinitionException(read.Errors);
        }

        foreach (var definition in read.Definitions)
        {
            // All or none: a conflict is found before anything is registered.
            var reference = definition.ToReference();
            if (await catalog.ResolveAsync(reference.Name, reference.Version, cancellationToken).ConfigureAwait(false) is { } known && known.Hash != reference.Hash)
            {
                throw DefinitionRegistry.ConflictOf(reference);
            }
        }

        var registered = ImmutableArray.CreateBuilder<RegisteredDefinition>(read.Definitions.Length);
        foreach (var definition in read.Definitions)
        {
            var reference = await catalog.RegisterAsync(definition, cancellationToken).ConfigureAwait(false);
            var versions = await catalog.VersionsAsync(reference.Name, cancellationToken).ConfigureAwait(false);
            registered.Add(Of(reference.Name, versions.First(version => version.Version == reference.Version)));
        }

        return registered.DrainToImmutable();
    });

    /// <inheritdoc/>
    public Task<ImmutableArray<RegisteredDefinition>> ListAsync(CancellationToken cancellationToken = default) =>
        ClientFaults.NameAsync(() => catalog.ListAsync(cancellationToken));

    /// <inheritdoc/>
    public Task<ImmutableArray<RegisteredDefinition>> VersionsAsync(string name, CancellationToken cancellationToken = default) => ClientFaults.NameAsync(async () =>
    {
        ArgumentNullException.ThrowIfNull(name);
        var versions = await catalog.VersionsAsync(name, cancellationToken).ConfigureAwait(false);
        return versions.Select(version => Of(name, version)).ToImmutableArray();
    });

    /// <inheritdoc/>
    public Task<DefinitionContent> GetAsync(string definition, CancellationToken cancellationToken = default) => ClientFaults.NameAsync(async () =>
    {
        var reference = await ResolveAsync(definition, cancellationToken).ConfigureAwait(false);
        return await store.GetAsync(reference.Hash, cancellationToken).ConfigureAwait(false) is { } stored
            ? new DefinitionContent(reference, Payload.FromTrustedUtf8(stored.Document))
            : throw NotFound(definition);
    });

    /// <inheritdoc/>
    public Task<ImmutableArray<DefinitionProblem>> ValidateAsync(string content, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(content);
        var read = DefinitionReader.Read(content, FileName);
        return Task.FromResult(read.Errors.AddRange(read.Warnings));
    }

    /// <summary>The version that a text names: <c>order</c> for the newest, or <c>order@3</c>.</summary>
    /// <exception cref="NotFoundException">There is none.</exception>
    public async Task<DefinitionReference> ResolveAsync(string definition, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(definition);
        return Identifiers.TryReadDefinition(definition, out var name, out var version)
            && await catalog.ResolveAsync(name, version, cancellationToken).ConfigureAwait(false) is { } found
                ? found
                : throw NotFound(definition);
    }

    private static WorkflowRefusedException NotFound(string definition) =>
        WorkflowRefusedException.Of("definition-not-found", $"No workflow '{OneLineOf(definition)}' is registered.");

    private static string OneLineOf(string text) => Core.Payloads.OneLine.Of(text.Length <= 200 ? text : text[..200]);

    private static RegisteredDefinition Of(string name, DefinitionVersion version) => new(name, version.Version, version.Hash, version.Registered);
}
