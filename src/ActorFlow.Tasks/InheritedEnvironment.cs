namespace ActorFlow.Tasks;

/// <summary>What a command is started with of the worker's own environment: nothing that is the worker's alone.</summary>
internal static class InheritedEnvironment
{
    private const string Prefix = "ACTORFLOW_";

    /// <summary>
    /// Takes out the worker's settings (secrets, connection strings, keys), in whatever case they are written: that is how they are
    /// read. The mark of the process tree is set anew by whoever starts the command.
    /// </summary>
    public static void Strip(IDictionary<string, string?> environment)
    {
        foreach (var name in environment.Keys.Where(name => name.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase)).ToArray())
        {
            environment.Remove(name);
        }
    }
}
