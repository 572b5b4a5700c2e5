// The Spanish words that the pages share, by the names of words.en.js.

/** A time may end with the point of "p.m.", which is the sentence's too. @param {string} text */
export const sentence = (text) => text.replace(/\.?$/, ".");

/** @type {import("./words.en.js").Words} */
export const es = {
  language: "Español",
  locale: "es-US",
  close: "Cerrar",
  loading: "Un momento…",
  today: "Hoy",
  yesterday: "Ayer",
  emergency: "En una emergencia",
  callInEmergency: (number) => `Emergencia: llame al ${number}`,

  talk: {
    you: "Usted",
    message: "Mensaje",
    send: "Enviar",
    hint: "Intro envía; Mayúsculas e Intro empiezan otra línea.",
    newMessages: "Mensajes nuevos",
    toNewest: "Ver el mensaje nuevo",
    sending: "Enviando…",
    sent: "Enviado",
    waiting: "Sin enviar todavía. Saldrá sin que haga nada.",
    tryNow: "Intentar ahora",
    refused: "No enviado.",
    edit: "Editar",
    drop: "Borrar",
    unsaid: "Empezó a escribir esto. No se envió.",
    seen: "Visto",
    tooLong: (count, most) => `${count} de ${most} caracteres: acórtelo, por favor.`,
  },

  /** What went wrong, by code; the rest is `other`. */
  problems: {
    offline: "No hay conexión. Inténtelo de nuevo.",
    reconnecting: "No hay conexión. Seguimos intentándolo.",
    unavailable: "Care Chats está ocupado. Inténtelo de nuevo en un momento.",
    other: "Algo ha fallado. Inténtelo de nuevo.",
    later: (at) => sentence(`Demasiados intentos. Espere, por favor. Hora a la que puede intentarlo de nuevo: ${at}`),
    laterUnknown: "Demasiados intentos. Inténtelo de nuevo más tarde.",
    tryAgain: "Intentar de nuevo",
  },
};
