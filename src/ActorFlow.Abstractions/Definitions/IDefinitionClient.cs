using System.Collections.Immutable;

namespace ActorFlow;

/// <summary>Registers and reads definitions of workflows.</summary>
public interface IDefinitionClient
{
    /// <summary>Registers every definition of a file, durably; all or none. The same content again changes nothing.</summary>
    /// <param name="content">The file: YAML, several documents allowed, or JSON.</param>
    /// <param name="cancellationToken">Ends the waiting; the definitions may be registered nevertheless.</param>
    /// <returns>The definitions, in file order. The first one is what the file is about.</returns>
    /// <exception cref="DefinitionException">The file has errors; it names all of them.</exception>
    /// <exception cref="ConflictException"><c>definition-conflict</c>: a version is registered with other content. A version never changes: raise it.</exception>
    /// <exception cref="UnavailableException">The store cannot write.</exception>
    /// <exception cref="RequestTimeoutException">Nothing answered in time.</exception>
    Task<ImmutableArray<RegisteredDefinition>> RegisterAsync(string content, CancellationToken cancellationToken = default);

    /// <summary>Lists every registered version of every name, ordered by name, the newest version first.</summary>
    /// <param name="cancellationToken">Ends the waiting.</param>
    Task<ImmutableArray<RegisteredDefinition>> ListAsync(CancellationToken cancellationToken = default);

    /// <summary>Lists every registered version of a name, the newest first; empty if the name is unknown.</summary>
    /// <param name="name">The name of the definition.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <exception cref="RequestTimeoutException">Nothing answered in time.</exception>
    Task<ImmutableArray<RegisteredDefinition>> VersionsAsync(string name, CancellationToken cancellationToken = default);

    /// <summary>Reads a registered definition, as JSON in its canonical form.</summary>
    /// <param name="definition">Its name, as <c>order</c> for the newest version or <c>order@3</c>.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <exception cref="NotFoundException"><c>definition-not-found</c></exception>
    /// <exception cref="RequestTimeoutException">Nothing answered in time.</exception>
    Task<DefinitionContent> GetAsync(string definition, CancellationToken cancellationToken = default);

    /// <summary>Checks a file as <see cref="RegisterAsync"/> does, and registers nothing.</summary>
    /// <param name="content">The file: YAML, several documents allowed, or JSON.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <returns>All errors and warnings, in file order; without an error the file is valid.</returns>
    Task<ImmutableArray<DefinitionProblem>> ValidateAsync(string content, CancellationToken cancellationToken = default);
}

/// <summary>A registered definition and what it says.</summary>
/// <param name="Definition">Name, version and hash.</param>
/// <param name="Content">The definition as JSON.</param>
public sealed record DefinitionContent(DefinitionReference Definition, Payload Content);
