using System.Collections.Immutable;
using System.CommandLine;
using System.Globalization;
using System.Text;
using ActorFlow.Core.Definitions;
using ActorFlow.Node.Json;
using ActorFlow.Shell.Nodes;
using ActorFlow.Shell.Records;
using ActorFlow.Shell.Validation;
using ActorFlow.Shell.Workflows;

namespace ActorFlow.Shell.Definitions;

/// <summary><c>actorflow definition</c>: registers and reads the definitions of a node or cluster.</summary>
internal static class DefinitionCommands
{
    private const int HashWidth = 12;

    /// <summary>The noun with its verbs.</summary>
    public static Command Create(ShellConsole console)
    {
        var noun = new Command("definition", "Register and read the definitions of a node that serves: see 'actorflow dev'.");
        var talk = new NodeTalk(console, noun);
        foreach (var verb in (Command[])[Register(talk), List(talk), Show(talk), Versions(talk), Validate(talk)])
        {
            noun.Subcommands.Add(verb);
        }

        Examples.AddTo(noun, "actorflow definition register order.yaml", "actorflow definition list");
        return noun;
    }

    private static Command Register(NodeTalk talk)
    {
        var files = Files();
        return talk.Verb(
            "register",
            "Register the definitions of files; what is registered already, with the same content, stays as it is.",
            [files],
            async (call, cancellationToken) =>
            {
                var registered = ImmutableArray.CreateBuilder<RegisteredDefinition>();
                try
                {
                    foreach (var file in call.Parsed.GetRequiredValue(files))
                    {
                        registered.AddRange(await RegisterAsync(call, file, cancellationToken).ConfigureAwait(false));
                    }
                }
                finally
                {
                    // What was registered before a file that is refused stays registered.
                    await WriteAsync(call, registered.ToImmutable()).ConfigureAwait(false);
                }

                return ExitCode.Done;
            },
            "actorflow definition register order.yaml",
            "actorflow definition register workflows/*.yaml");
    }

    private static async Task<ImmutableArray<RegisteredDefinition>> RegisterAsync(NodeCall call, string file, CancellationToken cancellationToken)
    {
        var content = await ReadAsync(file, cancellationToken).ConfigureAwait(false);
        try
        {
            return await call.Client.Definitions.RegisterAsync(content, cancellationToken).ConfigureAwait(false);
        }
        catch (DefinitionException invalid)
        {
            foreach (var error in invalid.Errors)
            {
                await call.Console.Error.WriteLineAsync(In(file, error).ToString()).ConfigureAwait(false);
            }

            throw DefinitionFile.Invalid(file, invalid.Errors.Length, invalid);
        }
    }

    private static Command Validate(NodeTalk talk)
    {
        var files = Files();
        return talk.Verb(
            "validate",
            "Check workflow files as the node would that registers them: all errors at once.",
            [files],
            async (call, cancellationToken) =>
            {
                var isValid = true;
                foreach (var file in call.Parsed.GetRequiredValue(files))
                {
                    var problems = await call.Client.Definitions.ValidateAsync(await ReadAsync(file, cancellationToken).ConfigureAwait(false), cancellationToken).ConfigureAwait(false);
                    foreach (var problem in problems)
                    {
                        await ValidateCommand.WriteAsync(call.Console, In(file, problem), call.AsJson).ConfigureAwait(false);
                    }

                    var fileIsValid = problems.All(problem => problem.IsWarning);
                    if (fileIsValid && !call.AsJson)
                    {
                        await call.Console.Out.WriteLineAsync($"{file}: valid").ConfigureAwait(false);
                    }

                    isValid &= fileIsValid;
                }

                return isValid ? ExitCode.Done : ExitCode.Invalid;
            },
            "actorflow definition validate order.yaml");
    }

    private static Command List(NodeTalk talk) => talk.Verb(
        "list",
        "List the newest version of every definition.",
        [],
        async (call, cancellationToken) =>
        {
            await WriteAsync(call, await call.Client.Definitions.ListAsync(cancellationToken).ConfigureAwait(false)).ConfigureAwait(false);
            return ExitCode.Done;
        },
        "actorflow definition list",
        "actorflow definition list -o json | jq -r .name");

    private static Command Versions(NodeTalk talk)
    {
        var name = new Argument<string>("NAME") { Description = "The name of the definition." };
        return talk.Verb(
            "versions",
            "List the versions of a definition.",
            [name],
            async (call, cancellationToken) =>
            {
                var versions = await call.Client.Definitions.VersionsAsync(call.Parsed.GetRequiredValue(name), cancellationToken).ConfigureAwait(false);
                if (versions.IsEmpty)
                {
                    throw new CommandFailure($"there is no definition {TerminalText.Fit(call.Parsed.GetRequiredValue(name), 60)}; '{call.Line("definition", "list")}' lists them", ExitCode.NotFound);
                }

                await WriteAsync(call, versions).ConfigureAwait(false);
                return ExitCode.Done;
            },
            "actorflow definition versions order");
    }

    private static Command Show(NodeTalk talk)
    {
        var definition = StartVerb.Definition();
        return talk.Verb(
            "show",
            "Print a definition: as YAML for people, as JSON for programs.",
            [definition],
            async (call, cancellationToken) =>
            {
                var found = await call.Client.Definitions.GetAsync(call.Parsed.GetRequiredValue(definition), cancellationToken).ConfigureAwait(false);
                await call.Console.Out.WriteLineAsync(call.AsJson ? found.Content.ToString() : DefinitionYaml.Write(found.Content).TrimEnd()).ConfigureAwait(false);
                return ExitCode.Done;
            },
            "actorflow definition show order",
            "actorflow definition show order@2 -o json");
    }

    private static async Task WriteAsync(NodeCall call, ImmutableArray<RegisteredDefinition> definitions)
    {
        if (call.AsJson)
        {
            foreach (var definition in definitions)
            {
                await call.Console.Out.WriteLineAsync(JsonOf(definition).ToString()).ConfigureAwait(false);
            }

            return;
        }

        var table = new TextTable("NAME", "VERSION", "REGISTERED", "HASH");
        foreach (var definition in definitions)
        {
            table.Add(
                definition.Name, definition.Version.ToString(CultureInfo.InvariantCulture), TimeFormat.Of(definition.Registered),
                definition.Hash[..Math.Min(HashWidth, definition.Hash.Length)]);
        }

        await table.WriteAsync(call.Console.Out).ConfigureAwait(false);
    }

    private static Payload JsonOf(RegisteredDefinition definition) => Payload.Write(writer =>
    {
        writer.WriteStartObject();
        writer.WriteString("name", definition.Name);
        writer.WriteNumber("version", definition.Version);
        writer.WriteString("hash", definition.Hash);
        writer.WriteString("registeredAt", TimeFormat.Json(definition.Registered));
        writer.WriteEndObject();
    });

    private static async Task<string> ReadAsync(string file, CancellationToken cancellationToken)
    {
        var bytes = await InputFile.ReadAsync(file, DefinitionLimits.FileBytes, cancellationToken).ConfigureAwait(false);
        return Encoding.UTF8.GetString(bytes.Span);
    }

    // The node is sent what is in the file, and not where that came from.
    private static DefinitionProblem In(string file, DefinitionProblem problem) => problem with { File = file };

    private static Argument<string[]> Files() => new("FILE") { Description = "Workflow files, YAML or JSON.", Arity = ArgumentArity.OneOrMore };
}
