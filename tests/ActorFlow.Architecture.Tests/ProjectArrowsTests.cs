using System.Reflection;
using System.Xml.Linq;

namespace ActorFlow.Architecture.Tests;

/// <summary>Who may know whom: ARCHITECTURE.md says it in its map, this holds it.</summary>
public sealed class ProjectArrowsTests
{
    private static readonly Dictionary<string, string[]> Allowed = new()
    {
        ["ActorFlow.Abstractions"] = [],
        ["ActorFlow.Contracts"] = [],
        ["ActorFlow.Client"] = ["ActorFlow.Abstractions", "ActorFlow.Contracts"],
        ["ActorFlow.Core"] = ["ActorFlow.Abstractions"],
        ["ActorFlow.Configuration"] = ["ActorFlow.Core"],
        ["ActorFlow.Runtime"] = ["ActorFlow.Configuration", "ActorFlow.Core"],
        ["ActorFlow.Tasks"] = ["ActorFlow.Configuration", "ActorFlow.Core"],
        ["ActorFlow.Persistence.Sqlite"] = ["ActorFlow.Core", "ActorFlow.Runtime"],
        ["ActorFlow.Persistence.Postgres"] = ["ActorFlow.Core", "ActorFlow.Runtime"],
        ["ActorFlow.Testing"] = ["ActorFlow.Core", "ActorFlow.Runtime"],
        ["ActorFlow.Graphs"] = ["ActorFlow.Core"],
        ["ActorFlow.Node"] =
        [
            "ActorFlow.Configuration", "ActorFlow.Contracts", "ActorFlow.Core", "ActorFlow.Graphs", "ActorFlow.Persistence.Postgres",
            "ActorFlow.Persistence.Sqlite", "ActorFlow.Runtime", "ActorFlow.Tasks",
        ],
        ["ActorFlow.Shell"] =
        [
            "ActorFlow.Client", "ActorFlow.Core", "ActorFlow.Graphs", "ActorFlow.Node", "ActorFlow.Persistence.Sqlite", "ActorFlow.Runtime", "ActorFlow.Tasks",
        ],
    };

    public static TheoryData<string> Projects => [.. Names];

    private static IEnumerable<string> Names =>
        Repository.SourceProjects.Where(name => File.Exists(Repository.PathOf("src", name, $"{name}.csproj")));

    [Theory]
    [MemberData(nameof(Projects))]
    public void A_project_references_only_what_it_may_know(string project)
    {
        Assert.True(Allowed.ContainsKey(project), $"{project} is new: say here what it may know");
        var referenced = XDocument.Load(Repository.PathOf("src", project, $"{project}.csproj")).Descendants("ProjectReference")
            .Select(reference => Path.GetFileNameWithoutExtension(((string)reference.Attribute("Include")!).Replace('\\', '/')));

        Assert.Empty(referenced.Except(Allowed[project]));
    }

    // What applications compile against brings nothing with it but .NET's own abstractions of services and logs.
    [Fact]
    public void The_abstractions_depend_on_nothing_else() => Assert.All(
        ReferencesOf("ActorFlow.Abstractions"),
        name => Assert.True(
            name.StartsWith("System.", StringComparison.Ordinal)
            || name is "Microsoft.Extensions.DependencyInjection.Abstractions" or "Microsoft.Extensions.Logging.Abstractions",
            name));

    [Fact]
    public void All_projects_are_found() => Assert.Superset(Allowed.Keys.ToHashSet(), Names.ToHashSet());

    // What an application brings along to speak to a cluster.
    [Fact]
    public void The_client_depends_on_grpc_and_the_abstractions_of_dotnet_only() => Assert.All(
        ReferencesOf("ActorFlow.Client"),
        name => Assert.True(
            name.StartsWith("System.", StringComparison.Ordinal)
            || name is "ActorFlow.Abstractions" or "ActorFlow.Contracts" or "Google.Protobuf" or "Grpc.Core.Api" or "Grpc.Net.Client"
                or "Microsoft.Extensions.DependencyInjection.Abstractions" or "Microsoft.Extensions.Options",
            name));

    [Theory]
    [InlineData("ActorFlow.Configuration")]
    [InlineData("ActorFlow.Core")]
    [InlineData("ActorFlow.Tasks")]
    [InlineData("ActorFlow.Graphs")]
    public void Only_the_runtime_and_what_stands_on_it_know_actors(string project)
    {
        var known = ReferencesOf(project);

        Assert.DoesNotContain(known, name => name.StartsWith("Akka", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("System.Net")]
    [InlineData("System.IO.FileSystem")]
    [InlineData("System.Console")]
    [InlineData("System.Diagnostics.Process")]
    [InlineData("Microsoft.Data")]
    public void The_core_does_no_input_or_output(string assembly) =>
        Assert.DoesNotContain(ReferencesOf("ActorFlow.Core"), name => name.StartsWith(assembly, StringComparison.Ordinal));

    [Theory]
    [InlineData("ActorFlow.Runtime")]
    [InlineData("ActorFlow.Testing")]
    public void The_runtime_knows_no_database(string project) =>
        Assert.DoesNotContain(ReferencesOf(project), name => name.StartsWith("Microsoft.Data", StringComparison.Ordinal) || name == "Npgsql");

    [Fact]
    public void The_runtime_does_know_actors() =>
        Assert.Contains("Akka", ReferencesOf("ActorFlow.Runtime"));

    // What the compiler found used, whatever the project file may list.
    private static List<string> ReferencesOf(string assembly) =>
        [.. Assembly.Load(assembly).GetReferencedAssemblies().Select(name => name.Name!)];
}
