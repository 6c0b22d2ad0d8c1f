using System.Runtime.CompilerServices;
using ActorFlow.Node.Api;

namespace ActorFlow.Node.Admin;

/// <summary>The commands about definitions.</summary>
internal static class DefinitionCommands
{
    private static readonly AdminArgument Files = new("FILE", AdminKind.File, "Workflow files, YAML or JSON.") { IsRepeated = true };
    private static readonly AdminArgument Name = new("NAME", AdminKind.Definition, "The name of the definition.");

    /// <summary>The commands.</summary>
    public static IEnumerable<AdminCommand> All =>
    [
        new("definition", "register", "Register the definitions of files; what is registered already, with the same content, stays as it is.", ApiRole.Operator, RegisterAsync)
        {
            Arguments = [Files],
            Examples = ["order.yaml", "workflows/*.yaml"],
        },
        new("definition", "list", "List every version of every definition.", ApiRole.Viewer, ListAsync) { Examples = ["", "-o json | jq -r .name"] },
        new("definition", "show", "Print a definition: as YAML for people, as JSON for programs.", ApiRole.Viewer, ShowAsync)
        {
            Arguments = [RunArguments.Definition],
            Examples = ["order", "order@2 -o json"],
        },
        new("definition", "versions", "List the versions of a definition.", ApiRole.Viewer, VersionsAsync) { Arguments = [Name], Examples = ["order"] },
        new("definition", "validate", "Check workflow files as the node would that registers them: all errors at once.", ApiRole.Viewer, ValidateAsync)
        {
            Arguments = [Files],
            Examples = ["order.yaml"],
        },
    ];

    private static async IAsyncEnumerable<AdminAnswer> RegisterAsync(AdminCall call, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var file in call.All(Files))
        {
            var content = await call.Host.ReadFileAsync(file, cancellationToken).ConfigureAwait(false);
            foreach (var definition in await RegisterAsync(call, file, content, cancellationToken).ConfigureAwait(false))
            {
                yield return new AdminAnswer.Definition(definition);
            }
        }
    }

    private static async Task<IReadOnlyList<RegisteredDefinition>> RegisterAsync(AdminCall call, string file, string content, CancellationToken cancellationToken)
    {
        try
        {
            return await call.Client.Definitions.RegisterAsync(content, cancellationToken).ConfigureAwait(false);
        }
        catch (DefinitionException invalid)
        {
            throw new DefinitionException([.. invalid.Errors.Select(error => error with { File = file })]);
        }
    }

    private static async IAsyncEnumerable<AdminAnswer> ValidateAsync(AdminCall call, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var isValid = true;
        foreach (var file in call.All(Files))
        {
            var content = await call.Host.ReadFileAsync(file, cancellationToken).ConfigureAwait(false);
            var problems = await call.Client.Definitions.ValidateAsync(content, cancellationToken).ConfigureAwait(false);
            foreach (var problem in problems)
            {
                // The node is sent what is in the file, and not where that came from.
                yield return new AdminAnswer.Problem(problem with { File = file });
            }

            if (problems.All(problem => problem.IsWarning))
            {
                yield return new AdminAnswer.Valid(file);
            }
            else
            {
                isValid = false;
            }
        }

        if (!isValid)
        {
            yield return AdminAnswer.Unsuccessful.AboutFile;
        }
    }

    private static async IAsyncEnumerable<AdminAnswer> ListAsync(AdminCall call, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var definition in await call.Client.Definitions.ListAsync(cancellationToken).ConfigureAwait(false))
        {
            yield return new AdminAnswer.Definition(definition);
        }
    }

    private static async IAsyncEnumerable<AdminAnswer> VersionsAsync(AdminCall call, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var versions = await call.Client.Definitions.VersionsAsync(call.Required(Name), cancellationToken).ConfigureAwait(false);
        foreach (var definition in versions)
        {
            yield return new AdminAnswer.Definition(definition);
        }

        if (versions.IsEmpty)
        {
            throw WorkflowRefusedException.Of("definition-not-found", $"There is no definition '{call.Required(Name)}'.");
        }
    }

    private static async IAsyncEnumerable<AdminAnswer> ShowAsync(AdminCall call, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        yield return new AdminAnswer.Content(await call.Client.Definitions.GetAsync(call.Required(RunArguments.Definition), cancellationToken).ConfigureAwait(false));
    }
}
