using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using ActorFlow.TestSupport.Hosting;
using Npgsql;

namespace ActorFlow.TestSupport.Databases;

/// <summary>
/// A PostgreSQL server of this process: with a directory and a password of its own, default durability, on a free port of the loopback address.
/// It runs under a shell that ends it and removes its data when this process ends, however it ends.
/// </summary>
internal sealed class PostgresServer : IAsyncDisposable
{
    private const string User = "actorflow";

    // Its standard input gives the commands, and ends with this process. It ignores signals of a terminal, so that it can clean up.
    private const string Keeper =
        """
        trap '' HUP INT TERM
        bin=$1
        root=$(mktemp -d "${TMPDIR:-/tmp}/actorflow-postgres-XXXXXX") && cd "$root" || exit 1
        server=
        stop() { if [ -n "$server" ]; then kill -"$1" "$server" 2>/dev/null; wait "$server"; server=; fi; }
        read -r password && printf '%s\n' "$password" > password
        if "$bin/initdb" -D data -U "$2" -A scram-sha-256 --pwfile=password -E UTF8 --locale=C --no-sync > log 2>&1
        then echo ready; else tail -n 1 log; fi
        rm -f password
        while read -r word argument; do
          case $word in
            start) "$bin/postgres" -D data -h 127.0.0.1 -p "$argument" -k "$root" >> log 2>&1 < /dev/null & server=$!; echo "$server" ;;
            stop) stop "$argument"; echo stopped ;;
          esac
        done
        stop QUIT
        cd / && rm -rf "$root"
        """;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Process _keeper;
    private readonly string _password = Convert.ToHexString(RandomNumberGenerator.GetBytes(16));
    private int _port;

    private PostgresServer(Process keeper) => _keeper = keeper;

    /// <summary>The id of the server's main process; 0 means that it is stopped.</summary>
    public int ProcessId { get; private set; }

    /// <summary>The connection string of its maintenance database, for its superuser.</summary>
    public string ConnectionString => new NpgsqlConnectionStringBuilder
    {
        Host = "127.0.0.1",
        Port = _port,
        Database = "postgres",
        Username = User,
        Password = _password,
    }.ToString();

    /// <summary>Makes and starts a server.</summary>
    /// <exception cref="InvalidOperationException">PostgreSQL is not installed, or does not start.</exception>
    public static async Task<PostgresServer> StartAsync()
    {
        var binaries = PostgresBinaries.Directory ?? throw new InvalidOperationException("PostgreSQL is not installed: postgres and initdb are needed.");
        var server = new PostgresServer(Process.Start(KeeperOf(binaries))!);
        AppDomain.CurrentDomain.ProcessExit += (_, _) => server.End();
        await server._keeper.StandardInput.WriteLineAsync(server._password).ConfigureAwait(false);
        if (await server.SayAsync(null).ConfigureAwait(false) is not "ready" and var reason)
        {
            server.End();
            throw new InvalidOperationException($"initdb failed: {reason}");
        }

        for (var tries = 5; tries > 0; tries--)
        {
            // Another process may take the port meanwhile.
            server._port = LoopbackPort.Free();
            if (await server.TryRunAsync().ConfigureAwait(false))
            {
                return server;
            }
        }

        server.End();
        throw new InvalidOperationException("PostgreSQL does not start.");
    }

    /// <summary>Starts the server again, with its data and its port.</summary>
    /// <exception cref="InvalidOperationException">It does not start.</exception>
    public async Task RunAsync()
    {
        if (!await TryRunAsync().ConfigureAwait(false))
        {
            throw new InvalidOperationException("PostgreSQL does not start again.");
        }
    }

    /// <summary>Stops the server; its data stay.</summary>
    /// <param name="crash">Whether to stop it at once, as after a power cut: it recovers at its next start. Otherwise it ends its connections in good order.</param>
    public async Task StopAsync(bool crash = false)
    {
        await SayAsync(crash ? "stop QUIT" : "stop INT").ConfigureAwait(false);
        ProcessId = 0;
    }

    /// <summary>Stops the server and removes its data.</summary>
    public async ValueTask DisposeAsync()
    {
        _keeper.StandardInput.Close();
        await _keeper.WaitForExitAsync().WaitAsync(Patience).ConfigureAwait(false);
        _keeper.Dispose();
    }

    /// <summary>Makes the command of the shell. The server refuses to run as root, so root uses the user of the package.</summary>
    private static ProcessStartInfo KeeperOf(string binaries)
    {
        string[] shell = ["sh", "-c", Keeper, "actorflow-postgres", binaries, User];
        string[] command = Environment.UserName == "root" ? ["runuser", "-u", "postgres", "--", .. shell] : shell;
        return new(command[0], command[1..]) { RedirectStandardInput = true, RedirectStandardOutput = true };
    }

    private async Task<string?> SayAsync(string? words)
    {
        if (words is not null)
        {
            await _keeper.StandardInput.WriteLineAsync(words).ConfigureAwait(false);
        }

        return await _keeper.StandardOutput.ReadLineAsync().WaitAsync(Patience).ConfigureAwait(false);
    }

    private async Task<bool> TryRunAsync()
    {
        var answer = await SayAsync(string.Create(CultureInfo.InvariantCulture, $"start {_port}")).ConfigureAwait(false);
        ProcessId = int.Parse(answer ?? "0", CultureInfo.InvariantCulture);
        var answers = false;
        await Eventually.HoldsAsync(
            async () => (answers = await AnswersAsync().ConfigureAwait(false)) || ServerProcess.HasEnded(ProcessId), "PostgreSQL answers", Patience).ConfigureAwait(false);
        return answers;
    }

    private async Task<bool> AnswersAsync()
    {
        try
        {
            var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(ConnectionString) { Pooling = false }.ToString());
            await using (connection.ConfigureAwait(false))
            {
                await connection.OpenAsync().ConfigureAwait(false);
                return true;
            }
        }
        catch (NpgsqlException)
        {
            return false;
        }
    }

    private void End()
    {
        try
        {
            _keeper.StandardInput.Close();
            _keeper.WaitForExit(TimeSpan.FromSeconds(10));
        }
        catch (InvalidOperationException)
        {
            // It was disposed of before.
        }
    }
}
